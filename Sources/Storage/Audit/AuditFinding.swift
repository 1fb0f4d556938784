/// One way in which the audit log is not what was written.
package enum AuditFinding: Sendable, Hashable {
    /// Entries that no longer match their hash.
    case changed(ClosedRange<Int>)
    /// An entry that matches its own hash, but not the one that is remembered of it: it was
    /// rewritten, and entries before it may have been as well.
    case rewritten(Int)
    /// Entries that are gone from the beginning or the middle.
    case removed(ClosedRange<Int>)
    /// Entries that are gone from the end.
    case truncated(ClosedRange<Int>)
    /// Rows that are no part of the chain, by the number they have now.
    case inserted(ClosedRange<Int>)
    /// Entries, unchanged otherwise, that now have a number so much higher or lower.
    case moved(ClosedRange<Int>, by: Int)
    /// What is remembered of the end of the log is gone.
    case headMissing
    /// The number of entries that is remembered isn't the one of the last entry.
    case headCount(remembered: Int, actual: Int)
    /// The chain does not hold together, and no single entry can be named.
    case unexplained

    /// The first entry concerned, and the kind of finding: what to sort by.
    var order: (first: Int, kind: Int) {
        switch self {
        case .changed(let range): (range.lowerBound, 0)
        case .rewritten(let number): (number, 1)
        case .removed(let range), .truncated(let range): (range.lowerBound, 2)
        case .inserted(let range): (range.lowerBound, 3)
        case .moved(let range, _): (range.lowerBound, 4)
        case .headMissing, .headCount, .unexplained: (.max, 5)
        }
    }
}

extension AuditFinding: CustomStringConvertible {
    package var description: String {
        switch self {
        case .changed(let range): "\(Self.text(range)) changed: the hash does not match"
        case .rewritten(let number):
            "entry \(number) rewritten: it is not the one the log remembers; "
                + "entries before it may have been rewritten too"
        case .removed(let range): "\(Self.text(range)) removed"
        case .truncated(let range): "\(Self.text(range)) removed from the end"
        case .inserted(let range): "\(Self.text(range)) inserted: no part of the chain"
        case .moved(let range, let shift):
            "\(Self.text(range)) moved: now numbered "
                + Self.span(range.lowerBound &+ shift, range.upperBound &+ shift)
        case .headMissing: "what was remembered of the end of the log is gone"
        case .headCount(let remembered, let actual):
            "\(remembered) entries are remembered, and the last one is entry \(actual)"
        case .unexplained: "the chain does not hold together"
        }
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        (range.count == 1 ? "entry " : "entries ") + span(range.lowerBound, range.upperBound)
    }

    private static func span(_ first: Int, _ last: Int) -> String {
        first == last ? "\(first)" : "\(first) to \(last)"
    }
}
