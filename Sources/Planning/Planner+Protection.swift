import Diagnostics
import Resources

/// What is protected is neither deleted nor replaced by something else.
extension Planner {
    /// Whether the resource is protected and would be deleted, which is then noted.
    mutating func refuses(_ entry: InventoryEntry) -> Bool {
        guard let revision = input.protections.revision(protecting: entry.address) else {
            return false
        }
        let report =
            if let mover = entry.address.successor {
                Self.protected(
                    entry.address, since: revision,
                    "it is what \(mover) left behind as it moved, and it is protected",
                    fix: "run `stead unprotect \(entry.address)` to have it deleted")
            } else {
                Self.protected(
                    entry.address, since: revision, "its document is gone, and it is protected",
                    fix: "put its document back; or, to delete it, apply it first without "
                        + "`protect: true`, or run `stead unprotect \(entry.address)`")
            }
        rest.refused.append(.init(entry.address, server: entry.server, report))
        return true
    }

    /// Why the change of a resource must not be made for what is protected: it would put tables or
    /// columns of it aside, or write over another resource that has left git. Nil when it may be.
    func protection(
        from resource: any Resource, _ assessment: Assessment
    ) -> Failure.Report? {
        let revision =
            input.protections.revision(protecting: resource.address)
            ?? (resource.isProtected ? input.revision.id : nil)
        let lost = assessment.losses.filter { $0.fate != .dropped }
        if let revision, !lost.isEmpty {
            let names = lost.map { loss in
                loss.what + (loss.rows.map { " (\($0.counted("row")))" } ?? "")
            }
            return Self.protected(
                resource.address, since: revision,
                "it would lose \(names.joined(separator: ", ")), and it is protected",
                fix: "leave them in; or apply it first without `protect: true`, and then this")
        }
        for (left, owner) in takeovers.owners where owner == resource.address {
            guard left.kind != owner.kind,
                let revision = input.protections.revision(protecting: left)
            else { continue }
            return Self.protected(
                left, since: revision, "it would replace \(left), which is protected",
                fix: "put the document of \(left) back; or run `stead unprotect \(left)`")
        }
        return nil
    }

    private static func protected(
        _ address: Address, since revision: String, _ words: String, fix: String
    ) -> Failure.Report {
        Failure.Report("\(words) since \(Revision(id: revision).short)", fix: fix)
    }
}
