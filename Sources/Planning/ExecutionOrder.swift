import Resources

/// How deep each resource stands above those that depend on nothing.
struct ExecutionOrder {
    private let resources: [any Resource]
    private let positions: [Address: Int]
    /// By position: one more than the highest rank of what a resource depends on.
    ///
    /// Members of a cycle, which validation refuses, all rank last.
    private let ranks: [Int]

    /// Dependencies that are not among `resources` do not count.
    init(_ resources: [any Resource]) {
        let positions = Dictionary(
            resources.enumerated().map { ($1.address, $0) }, uniquingKeysWith: { first, _ in first }
        )
        self.resources = resources
        self.positions = positions
        ranks = Self.ranks(resources.map { $0.dependencies.compactMap { positions[$0] } })
    }

    /// Kahn's algorithm, a rank at a time: ends in any case.
    private static func ranks(_ dependencies: [[Int]]) -> [Int] {
        var waiting = dependencies.map(\.count)
        var dependents: [[Int]] = Array(repeating: [], count: dependencies.count)
        for (position, targets) in dependencies.enumerated() {
            for target in targets { dependents[target].append(position) }
        }
        var ranks: [Int?] = Array(repeating: nil, count: dependencies.count)
        var ready = waiting.indices.filter { waiting[$0] == 0 }
        var rank = 0
        while !ready.isEmpty {
            var next: [Int] = []
            for position in ready {
                ranks[position] = rank
                for dependent in dependents[position] {
                    waiting[dependent] -= 1
                    if waiting[dependent] == 0 { next.append(dependent) }
                }
            }
            ready = next
            rank += 1
        }
        return ranks.map { $0 ?? rank }
    }

    /// The rank of a resource; 0 for one that is not among them.
    func rank(_ address: Address) -> Int { positions[address].map { ranks[$0] } ?? 0 }

    /// Dependencies before dependents, by address within a rank.
    var forwards: [any Resource] {
        let order = resources.indices.sorted { left, right in
            guard ranks[left] == ranks[right] else { return ranks[left] < ranks[right] }
            return resources[left].address < resources[right].address
        }
        return order.map { resources[$0] }
    }
}
