/// Myers' search for the middle of a shortest edit script, box by box.
struct SnakeSearch {
    private let old: [Int32]
    private let new: [Int32]
    private(set) var deleted: [Bool]
    private(set) var inserted: [Bool]
    private var costLeft: Int
    /// The furthest point on each diagonal, from the start and from the end.
    private var forwards: [Int]
    private var backwards: [Int]
    /// Where diagonal 0 stands in these.
    private let centre: Int

    /// A part of the two texts.
    private struct Box {
        var old: Range<Int>
        var new: Range<Int>
    }

    /// A run of common lines, relative to its box; may be empty.
    private struct Snake {
        var start: (old: Int, new: Int)
        var end: (old: Int, new: Int)
    }

    init(_ old: [Int32], _ new: [Int32], costLimit: Int) {
        self.old = old
        self.new = new
        deleted = [Bool](repeating: false, count: old.count)
        inserted = [Bool](repeating: false, count: new.count)
        costLeft = costLimit
        centre = old.count + new.count + 1
        forwards = [Int](repeating: 0, count: 2 * centre + 1)
        backwards = forwards
    }

    mutating func run() {
        var boxes = [Box(old: 0..<old.count, new: 0..<new.count)]
        while let next = boxes.popLast() {
            let box = trimmed(next)
            guard !box.old.isEmpty, !box.new.isEmpty, let snake = middle(of: box) else {
                // One side is empty, or the search became too dear.
                for line in box.old { deleted[line] = true }
                for line in box.new { inserted[line] = true }
                continue
            }
            let (oldLow, newLow) = (box.old.lowerBound, box.new.lowerBound)
            boxes.append(
                Box(
                    old: oldLow..<oldLow + snake.start.old, new: newLow..<newLow + snake.start.new))
            boxes.append(
                Box(
                    old: oldLow + snake.end.old..<box.old.upperBound,
                    new: newLow + snake.end.new..<box.new.upperBound))
        }
    }

    /// The box without the common lines at its start and its end.
    private func trimmed(_ box: Box) -> Box {
        var box = box
        while let first = box.old.first, let other = box.new.first, old[first] == new[other] {
            box.old = first + 1..<box.old.upperBound
            box.new = other + 1..<box.new.upperBound
        }
        while let last = box.old.last, let other = box.new.last, old[last] == new[other] {
            box.old = box.old.lowerBound..<last
            box.new = box.new.lowerBound..<other
        }
        return box
    }

    /// The middle snake of a trimmed box without an empty side; nil when the cost limit is reached.
    private mutating func middle(of box: Box) -> Snake? {
        let (height, width) = (box.old.count, box.new.count)
        let most = (height + width + 1) / 2
        for diagonal in -most - 1...most + 1 {
            forwards[centre + diagonal] = 0
            backwards[centre + diagonal] = 0
        }
        for distance in 0...most {
            let first = -(distance - 2 * max(0, distance - width))
            let last = distance - 2 * max(0, distance - height)
            for diagonal in stride(from: first, through: last, by: 2) {
                if let snake = advance(box, diagonal, distance) { return snake }
            }
            for diagonal in stride(from: first, through: last, by: 2) {
                if let snake = retreat(box, diagonal, distance) { return snake }
            }
            guard costLeft > 0 else { return nil }
        }
        return nil
    }

    /// Goes on from the start on one diagonal; the snake it ran when it met the other search.
    private mutating func advance(_ box: Box, _ diagonal: Int, _ distance: Int) -> Snake? {
        let (height, width) = (box.old.count, box.new.count)
        let start = Self.furthest(forwards, centre + diagonal, diagonal, distance)
        var (line, other) = (start, start - diagonal)
        while line < height, other < width,
            old[box.old.lowerBound + line] == new[box.new.lowerBound + other]
        {
            line += 1
            other += 1
        }
        costLeft -= 1 + line - start
        forwards[centre + diagonal] = line
        let opposite = height - width - diagonal
        guard !(height + width).isMultiple(of: 2), abs(opposite) <= distance - 1,
            line + backwards[centre + opposite] >= height
        else { return nil }
        return Snake(start: (start, start - diagonal), end: (line, other))
    }

    /// The same from the end.
    private mutating func retreat(_ box: Box, _ diagonal: Int, _ distance: Int) -> Snake? {
        let (height, width) = (box.old.count, box.new.count)
        let start = Self.furthest(backwards, centre + diagonal, diagonal, distance)
        var (line, other) = (start, start - diagonal)
        while line < height, other < width,
            old[box.old.upperBound - 1 - line] == new[box.new.upperBound - 1 - other]
        {
            line += 1
            other += 1
        }
        costLeft -= 1 + line - start
        backwards[centre + diagonal] = line
        let opposite = height - width - diagonal
        guard (height + width).isMultiple(of: 2), abs(opposite) <= distance,
            line + forwards[centre + opposite] >= height
        else { return nil }
        return Snake(
            start: (height - line, width - other),
            end: (height - start, width - (start - diagonal)))
    }

    /// The better of the two neighbouring diagonals' points: one line down, or one across.
    private static func furthest(
        _ reached: [Int], _ index: Int, _ diagonal: Int, _ distance: Int
    ) -> Int {
        let isAcross =
            diagonal == -distance
            || (diagonal != distance && reached[index - 1] < reached[index + 1])
        return isAcross ? reached[index + 1] : reached[index - 1] + 1
    }
}
