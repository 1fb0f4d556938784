package import Resources

/// The order in which places get a commit. Pure, and the same whenever it is worked out.
package struct RolloutCourse: Sendable, Equatable {
    /// Places that are changed side by side.
    package struct Batch: Sendable, Equatable {
        /// The group's position in the course, from 0.
        package var group: Int
        package var places: [String]
    }

    /// A group of places, in the order of their names.
    package struct Group: Sendable, Equatable {
        /// What it is called besides its number: `tier=canary`, `the other servers`.
        package var title: String
        package var places: [String]
    }

    /// Only those with places that change.
    package let groups: [Group]
    package let batches: [Batch]

    /// - Parameters:
    ///   - settings: the groups, and how many places of one change side by side.
    ///   - servers: every server's labels.
    ///   - changing: the places that something changes on, databases among them.
    package init(
        _ settings: Settings.Rollout, servers: [String: [String: String]], changing: Set<String>
    ) {
        var members: [[String]] = Array(repeating: [], count: settings.groups.count + 1)
        for (name, labels) in servers.sorted(by: { $0.key < $1.key }) {
            let position = settings.groups.firstIndex { group in
                group.allSatisfy { labels[$0] == $1 }
            }
            members[position ?? settings.groups.count].append(name)
        }
        var titles = settings.groups.map(Self.title)
        titles.append(settings.groups.isEmpty ? "all servers" : "the other servers")
        // A database is there once, for everybody: it is changed when the servers have shown that
        // the commit is good.
        members.append(changing.filter { servers[$0] == nil }.sorted())
        titles.append("databases")

        var groups: [Group] = []
        var batches: [Batch] = []
        for (title, names) in zip(titles, members) {
            let places = names.filter(changing.contains)
            guard !places.isEmpty else { continue }
            let width =
                servers[places[0]] == nil
                ? places.count : settings.max.number(of: names.count)
            for start in stride(from: 0, to: places.count, by: width) {
                let end = min(start + width, places.count)
                batches.append(Batch(group: groups.count, places: Array(places[start..<end])))
            }
            groups.append(Group(title: title, places: places))
        }
        self.groups = groups
        self.batches = batches
    }

    /// The labels of the servers among a tree's resources.
    package static func labels(in resources: [any Resource]) -> [String: [String: String]] {
        let servers = resources.filter { $0.address.kind == "server" }
        return Dictionary(
            servers.map { ($0.address.name, $0.labels) }, uniquingKeysWith: { first, _ in first })
    }

    /// `group 1 of 3 (tier=canary)`.
    package func title(ofGroup position: Int) -> String {
        "group \(position + 1) of \(groups.count) (\(groups[position].title))"
    }

    private static func title(_ labels: [String: String]) -> String {
        labels.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ", ")
    }
}
