import Diagnostics
import Resources

/// Finds what two resources of one server both claim for themselves.
struct ClaimCheck {
    private struct Key: Hashable {
        var server: String
        var claim: Claim
    }

    private struct Owner {
        var address: Address
        var location: SourceLocation
    }

    private var owners: [Key: Owner] = [:]

    /// Enters what a resource claims, and reports what another has claimed before.
    mutating func check(
        _ resource: any Resource, from origin: DocumentOrigin,
        reporting findings: inout [Diagnostic]
    ) {
        for claim in resource.claims {
            let key = Key(server: resource.server, claim: claim)
            guard let first = owners[key] else {
                owners[key] = Owner(
                    address: resource.address, location: origin.location(of: claim.field))
                continue
            }
            guard first.address != resource.address else { continue }
            var diagnostic = origin.diagnostic(
                .claimConflict, at: claim.field, Self.summary(of: claim, on: resource.server),
                why: "each would undo what the other did", fix: "change or remove one of them")
            diagnostic.related = [.init(first.location, "the other is \(first.address)")]
            findings.append(diagnostic)
        }
    }

    private static func summary(of claim: Claim, on server: String) -> String {
        switch claim.space {
        case .path: "two resources write \(claim.value) on \(server)"
        case .domain: "two sites answer to \(claim.value) on \(server)"
        case .unit: "two units are called \(claim.value) on \(server)"
        }
    }
}
