/// Collects findings, and puts those of neighbouring entries together.
struct AuditFindings {
    private var changed = RangeSet<Int>()
    private var removed = RangeSet<Int>()
    private var truncated = RangeSet<Int>()
    private var inserted = RangeSet<Int>()
    private var moved: [Int: RangeSet<Int>] = [:]
    private var others: [AuditFinding] = []

    mutating func add(_ finding: AuditFinding) {
        switch finding {
        case .changed(let range): changed.insert(contentsOf: Self.halfOpen(range))
        case .removed(let range): removed.insert(contentsOf: Self.halfOpen(range))
        case .truncated(let range): truncated.insert(contentsOf: Self.halfOpen(range))
        case .inserted(let range): inserted.insert(contentsOf: Self.halfOpen(range))
        case .moved(let range, let shift):
            moved[shift, default: RangeSet()].insert(contentsOf: Self.halfOpen(range))
        case .rewritten, .headMissing, .headCount, .unexplained: others.append(finding)
        }
    }

    /// A row may be numbered with the highest number there is, which a range can't end after.
    private static func halfOpen(_ range: ClosedRange<Int>) -> Range<Int> {
        Range(range.clamped(to: Int.min...Int.max - 1))
    }

    /// All of them, in order of the first entry concerned.
    func merged() -> [AuditFinding] {
        var findings = others
        findings += changed.ranges.map { .changed(ClosedRange($0)) }
        findings += removed.ranges.map { .removed(ClosedRange($0)) }
        findings += truncated.ranges.map { .truncated(ClosedRange($0)) }
        findings += inserted.ranges.map { .inserted(ClosedRange($0)) }
        for (shift, set) in moved {
            findings += set.ranges.map { .moved(ClosedRange($0), by: shift) }
        }
        return findings.sorted { $0.order < $1.order }
    }
}
