import Resources

/// How deep each resource stands above those that depend on nothing.
struct ExecutionOrder {
    /// A resource's rank is one more than the highest of its dependencies'.
    ///
    /// Members of a cycle, which validation refuses, all rank last.
    let ranks: [Address: Int]

    /// Kahn's algorithm, a rank at a time: ends in any case.
    ///
    /// Dependencies that are not among `resources` do not count.
    init(_ resources: [any Resource]) {
        var waiting: [Address: Int] = [:]
        var dependents: [Address: [Address]] = [:]
        for resource in resources { waiting[resource.address] = 0 }
        for resource in resources {
            for dependency in Set(resource.dependencies) where waiting[dependency] != nil {
                waiting[resource.address, default: 0] += 1
                dependents[dependency, default: []].append(resource.address)
            }
        }
        var ranks: [Address: Int] = [:]
        var ready = waiting.filter { $0.value == 0 }.map(\.key)
        var rank = 0
        while !ready.isEmpty {
            var next: [Address] = []
            for address in ready {
                ranks[address] = rank
                for dependent in dependents[address] ?? [] {
                    waiting[dependent, default: 0] -= 1
                    if waiting[dependent] == 0 { next.append(dependent) }
                }
            }
            ready = next
            rank += 1
        }
        for address in waiting.keys where ranks[address] == nil { ranks[address] = rank }
        self.ranks = ranks
    }

    func rank(_ address: Address) -> Int { ranks[address] ?? 0 }

    /// Dependencies before dependents, by address within a rank.
    func forwards(_ resources: [any Resource]) -> [any Resource] {
        resources.sorted { (rank($0.address), $0.address) < (rank($1.address), $1.address) }
    }

    /// Dependents before dependencies, by address within a rank.
    func backwards(_ resources: [any Resource]) -> [any Resource] {
        resources.sorted { (-rank($0.address), $0.address) < (-rank($1.address), $1.address) }
    }
}
