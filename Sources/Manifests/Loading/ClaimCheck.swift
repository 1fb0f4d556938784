import Diagnostics
import Resources

/// Finds what two resources of one server both claim for themselves.
enum ClaimCheck {
    private struct Key: Hashable {
        var server: String
        var claim: Claim
    }

    private struct Owner {
        var resource: any Resource
        var claim: Claim
    }

    static func check(_ resources: [any Resource], reporting findings: inout [Diagnostic]) {
        var owners: [Key: Owner] = [:]
        owners.reserveCapacity(resources.count * 2)
        for resource in resources {
            let server = resource.server
            for claim in resource.claims {
                let key = Key(server: server, claim: claim)
                guard let first = owners[key] else {
                    owners[key] = Owner(resource: resource, claim: claim)
                    continue
                }
                guard first.resource.address != resource.address else { continue }
                findings += conflict(Owner(resource: resource, claim: claim), with: first)
            }
        }
    }

    private static func conflict(_ owner: Owner, with first: Owner) -> [Diagnostic] {
        guard let origin = owner.resource.origin, let other = first.resource.origin else {
            return []
        }
        var diagnostic = origin.diagnostic(
            .claimConflict, at: owner.claim.field,
            summary(of: owner.claim, on: owner.resource.server),
            why: "each would undo what the other did", fix: "change or remove one of them")
        diagnostic.related = [
            .init(other.location(of: first.claim.field), "the other is \(first.resource.address)")
        ]
        return [diagnostic]
    }

    private static func summary(of claim: Claim, on server: String) -> String {
        switch claim.space {
        case .path: "two resources write \(claim.value) on \(server)"
        case .domain: "two sites answer to \(claim.value) on \(server)"
        case .unit: "two units are called \(claim.value) on \(server)"
        }
    }
}
