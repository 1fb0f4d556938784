/// "Did you mean": the candidate nearest to what was written.
package enum Suggestion {
    /// The candidate within a third of the word's length in edits (at least one), nearest first;
    /// nil when none is near. Case makes no difference.
    package static func nearest(to word: String, among candidates: some Sequence<String>)
        -> String?
    {
        let limit = max(1, word.count / 3)
        var best: (distance: Int, word: String)?
        for candidate in candidates {
            let distance = editDistance(
                Array(word.lowercased()), Array(candidate.lowercased()), limit: limit)
            guard distance <= limit else { continue }
            if best.map({ (distance, candidate) < ($0.distance, $0.word) }) ?? true {
                best = (distance, candidate)
            }
        }
        return best?.word
    }

    /// ``did you mean `X`?``, or nil when no candidate is near.
    package static func sentence(for word: String, among candidates: some Sequence<String>)
        -> String?
    {
        nearest(to: word, among: candidates).map { "did you mean `\($0)`?" }
    }

    /// Optimal string alignment distance: insert, delete, replace, swap of neighbours each cost 1.
    /// Returns `limit + 1` as soon as the lengths alone rule a match out.
    private static func editDistance(_ left: [Character], _ right: [Character], limit: Int) -> Int {
        guard abs(left.count - right.count) <= limit else { return limit + 1 }
        var older: [Int] = []
        var previous = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(
                    previous[column + 1] + 1, current[column] + 1,
                    previous[column] + (character == other ? 0 : 1))
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
                    cost = min(cost, older[column - 1] + 1)
                }
                current.append(cost)
            }
            older = previous
            previous = current
        }
        return previous[right.count]
    }
}
