package import Resources

extension Plan {
    /// A plan's id: the SHA-256 of these lines, each with its line feed: `stead plan 1`, the
    /// revision's id, then for each change in order its address, its action, its desired digest
    /// (`-` for a delete) and its observed digest, separated by a space.
    ///
    /// The same changes from the same commit to the same hosts have the same id, whenever and
    /// wherever they are planned.
    package static func identity(of revision: Revision, _ changes: [PlannedChange]) -> Digest {
        let lines = changes.lazy.map { change in
            let desired = change.desiredDigest?.hexadecimal ?? "-"
            return "\(change.address) \(change.action.rawValue) \(desired) "
                + "\(change.observedDigest.hexadecimal)\n"
        }
        return Digest(of: "stead plan 1\n\(revision.id)\n", followedBy: lines)
    }
}
