package import Resources

/// What a walk along the audit log found.
package enum AuditVerdict: Sendable, Equatable {
    /// Every entry is as it was written, and none is missing.
    ///
    /// - Parameters:
    ///   - count: the number of the last one.
    ///   - head: the last one's hash. Noted elsewhere, it proves all of them later on.
    ///   - cut: what was cut off its beginning, if anything.
    case intact(count: Int, head: Digest, cut: AuditCut? = nil)
    /// In order of the entries concerned.
    case broken([AuditFinding])
}
