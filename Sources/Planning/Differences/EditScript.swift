/// Which lines go and which come: a shortest edit script, as long as it can be had at a bearable
/// cost.
///
/// E. W. Myers, "An O(ND) difference algorithm and its variations" (1986), in its linear-space form
/// (section 4b). Lines that stand on one side only are set apart first, as they can't be common.
struct EditScript {
    /// By line of the old text.
    private(set) var deleted: [Bool]
    /// By line of the new text.
    private(set) var inserted: [Bool]

    /// How many inner steps are spent before the rest is replaced whole.
    static let costLimit = 4_000_000

    /// Compares two texts, each as its lines: equal numbers for equal lines.
    init(from old: [Int32], to new: [Int32], costLimit: Int = Self.costLimit) {
        let inOld = Set(old)
        let inNew = Set(new)
        let oldCommon = old.indices.filter { inNew.contains(old[$0]) }
        let newCommon = new.indices.filter { inOld.contains(new[$0]) }
        var search = SnakeSearch(
            oldCommon.map { old[$0] }, newCommon.map { new[$0] }, costLimit: costLimit)
        search.run()
        deleted = [Bool](repeating: true, count: old.count)
        inserted = [Bool](repeating: true, count: new.count)
        for (position, line) in oldCommon.enumerated() { deleted[line] = search.deleted[position] }
        for (position, line) in newCommon.enumerated() {
            inserted[line] = search.inserted[position]
        }
        Self.slideDown(&deleted, old)
        Self.slideDown(&inserted, new)
    }

    /// Moves each run of changed lines down as far as the text stays the same: of a block that was
    /// added among its like, the whole block then shows, and not the end of one and the start of
    /// another.
    private static func slideDown(_ changed: inout [Bool], _ lines: [Int32]) {
        var index = 0
        while index < lines.count {
            guard changed[index] else {
                index += 1
                continue
            }
            var start = index
            var end = index
            while end < lines.count, changed[end] { end += 1 }
            while end < lines.count, lines[start] == lines[end] {
                changed[start] = false
                changed[end] = true
                start += 1
                end += 1
                // It may have reached the next run, and go on with it.
                while end < lines.count, changed[end] { end += 1 }
            }
            index = end
        }
    }
}
