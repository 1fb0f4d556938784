package import FoundationEssentials
package import Resources

/// Something that a change takes away, and when it is gone for good.
package struct PlannedLoss: Sendable, Equatable, Codable {
    /// A path, or what it is in words.
    package let what: String
    package let fate: Loss.Fate
    package let sizeBytes: Int?
    package let rows: Int?
    /// Until when it is kept if the change is made when the plan is; nil for what is lost at once.
    package let until: Date?

    /// - Parameters:
    ///   - loss: what is taken away.
    ///   - keptSeconds: how long things are kept.
    ///   - now: when the plan is made.
    package init(_ loss: Loss, keptSeconds: Int, now: Date) {
        what = Redactor.redactedMessage(loss.what)
        fate = loss.fate
        sizeBytes = loss.sizeBytes
        rows = loss.rows
        switch loss.fate {
        case .quarantine, .putAside:
            let end = now.timeIntervalSince1970.rounded(.down) + Double(keptSeconds)
            until = Date(timeIntervalSince1970: end)
        case .dropped, .atOnce: until = nil
        }
    }
}
