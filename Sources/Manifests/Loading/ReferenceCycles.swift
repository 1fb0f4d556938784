import Resources

/// The circles in documents' references: every circle that remains once the others are cut.
struct ReferenceCycles {
    /// A document of a circle, and the field by which it refers to the next.
    struct Link {
        var item: Int
        var field: String
    }

    private(set) var all: [[Link]] = []
    private var targets: [[(item: Int, field: String)]] = []
    private var sources: [[Int]] = []
    /// How many references of each item are still in play.
    private var remaining: [Int] = []
    private var isDone: [Bool] = []

    init(in documents: DocumentSet) {
        targets = documents.items.map { item in
            item.references.compactMap { reference in
                documents.index[reference.address].map { ($0, reference.field) }
            }
        }
        sources = Array(repeating: [], count: targets.count)
        for (item, list) in targets.enumerated() {
            for target in list { sources[target.item].append(item) }
        }
        remaining = targets.map(\.count)
        isDone = Array(repeating: false, count: targets.count)
        finish(targets.indices.filter { remaining[$0] == 0 })
        // What can't be finished leads into a circle.
        for item in targets.indices where !isDone[item] {
            while !isDone[item] { cut(circle(from: item)) }
        }
    }

    /// Takes items that wait for nothing, and then those that waited for them alone.
    private mutating func finish(_ ready: [Int]) {
        var ready = ready
        while let item = ready.popLast() {
            guard !isDone[item] else { continue }
            isDone[item] = true
            for source in sources[item] where !isDone[source] {
                remaining[source] -= 1
                if remaining[source] == 0 { ready.append(source) }
            }
        }
    }

    /// Follows references until one leads back.
    private func circle(from start: Int) -> [Link] {
        var path: [Link] = []
        var position: [Int: Int] = [:]
        var item = start
        while position[item] == nil {
            position[item] = path.count
            guard let next = targets[item].first(where: { !isDone[$0.item] }) else { return [] }
            path.append(Link(item: item, field: next.field))
            item = next.item
        }
        let circle = path[(position[item] ?? 0)...]
        // It begins at its first document, however it was reached.
        let first = circle.indices.min { circle[$0].item < circle[$1].item } ?? circle.startIndex
        return Array(circle[first...] + circle[..<first])
    }

    private mutating func cut(_ circle: [Link]) {
        all.append(circle)
        finish(circle.map(\.item))
    }
}
