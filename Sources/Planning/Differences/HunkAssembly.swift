/// Puts the changes of an edit script together into hunks.
struct HunkAssembly {
    private(set) var hunks: [UnifiedDifference.Hunk] = []
    private let script: EditScript
    private var old = 0
    private var new = 0

    init(_ script: EditScript) {
        self.script = script
        while skipToChange() { takeHunk() }
    }

    private var isAtChange: Bool {
        (old < script.deleted.count && script.deleted[old])
            || (new < script.inserted.count && script.inserted[new])
    }

    private var isAtEnd: Bool { old >= script.deleted.count && new >= script.inserted.count }

    /// False when there is no change any more.
    private mutating func skipToChange() -> Bool {
        while !isAtEnd, !isAtChange {
            old += 1
            new += 1
        }
        return !isAtEnd
    }

    /// Starts before the change at hand, and takes in every change that stands near enough.
    private mutating func takeHunk() {
        let context = UnifiedDifference.contextLines
        let before = min(context, old, new, old - (hunks.last?.old.upperBound ?? 0))
        old -= before
        new -= before
        let start = (old: old, new: new)
        var lines: [UnifiedDifference.Line] = []
        takeCommon(before, &lines)
        while isAtChange {
            takeChange(&lines)
            let gap = commonAhead(atMost: 2 * context + 1)
            let isJoined = gap <= 2 * context && isChange(after: gap)
            takeCommon(isJoined ? gap : min(gap, context), &lines)
            if !isJoined { break }
        }
        hunks.append(.init(old: start.old..<old, new: start.new..<new, lines: lines))
    }

    private mutating func takeChange(_ lines: inout [UnifiedDifference.Line]) {
        while old < script.deleted.count, script.deleted[old] {
            lines.append(.init(side: .removed, number: old))
            old += 1
        }
        while new < script.inserted.count, script.inserted[new] {
            lines.append(.init(side: .added, number: new))
            new += 1
        }
    }

    private mutating func takeCommon(_ count: Int, _ lines: inout [UnifiedDifference.Line]) {
        for _ in 0..<count {
            lines.append(.init(side: .common, number: old))
            old += 1
            new += 1
        }
    }

    /// How many common lines follow, up to a limit.
    private func commonAhead(atMost limit: Int) -> Int {
        var count = 0
        while count < limit, old + count < script.deleted.count,
            new + count < script.inserted.count,
            !script.deleted[old + count], !script.inserted[new + count]
        {
            count += 1
        }
        return count
    }

    private func isChange(after gap: Int) -> Bool {
        (old + gap < script.deleted.count && script.deleted[old + gap])
            || (new + gap < script.inserted.count && script.inserted[new + gap])
    }
}
