package import Resources

/// What a walk along the audit log found.
package enum AuditVerdict: Sendable, Equatable {
    /// Every entry is as it was written, and none is missing.
    ///
    /// - Parameters:
    ///   - count: how many there are.
    ///   - head: the last one's hash. Noted elsewhere, it proves all of them later on.
    case intact(count: Int, head: Digest)
    /// In order of the entries concerned.
    case broken([AuditFinding])
}
