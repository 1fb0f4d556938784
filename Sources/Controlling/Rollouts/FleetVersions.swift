import Resources
import Storage

/// What is in force on each place while a commit is rolled out. Pure.
struct FleetVersions {
    /// The commit that is rolled out; in force on every place that is not listed.
    let target: DesiredState
    let places: [String: PlaceVersion]
    /// Other commits' trees, as far as they can be read.
    let trees: [String: DesiredState]

    /// The commit in force on a place; nil where none ever was.
    func revision(on place: String) -> String? {
        guard let version = places[place] else { return target.revision.id }
        return version.revision
    }

    /// The tree in force on a place; nil where there is none, or it can't be read: nothing is done
    /// there.
    func tree(on place: String) -> DesiredState? {
        revision(on: place).flatMap { tree(of: $0) }
    }

    func tree(of revision: String) -> DesiredState? {
        revision == target.revision.id ? target : trees[revision]
    }

    /// Each place as it is to be now, under one of the commits' names.
    ///
    /// A resource that moves from a place to another moves when both have had their turn.
    func composed(under revision: String) -> DesiredState {
        guard !places.isEmpty else { return target }
        var resources: [Address: any Resource] = [:]
        var servers = target.servers
        let behind = places.filter { $0.value.revision != target.revision.id }
        for (place, _) in behind {
            guard let tree = tree(on: place) else { continue }
            for resource in tree.resources where resource.server == place {
                resources[resource.address] = resource
            }
            if let server = tree.servers[place] { servers[place] = server }
        }
        let former = formerHomes(behind)
        for resource in target.resources where resources[resource.address] == nil {
            let isBehind = behind[resource.server].map { _ in tree(on: resource.server) != nil }
            if isBehind != true {
                resources[resource.address] = resource
            } else if let home = former[resource.address] {
                resources[resource.address] = home
            }
        }
        var result = target
        result.revision = tree(of: revision)?.revision ?? target.revision
        result.resources = resources.values.sorted { $0.address < $1.address }
        result.servers = servers
        return result
    }

    /// What is to move from a place that has had its turn to one that has not, as it was.
    private func formerHomes(_ behind: [String: PlaceVersion]) -> [Address: any Resource] {
        let waiting = Set(
            target.resources.filter { behind[$0.server] != nil }.map(\.address))
        var result: [Address: any Resource] = [:]
        for (place, version) in places where version.revision == target.revision.id {
            guard let former = version.former, let tree = tree(of: former) else { continue }
            for resource in tree.resources
            where resource.server == place && waiting.contains(resource.address) {
                result[resource.address] = resource
            }
        }
        return result
    }

    /// What git has dropped, and is declared still as its place's turn has not come.
    var leaving: Set<Address> {
        guard !places.isEmpty else { return [] }
        let declared = Set(target.resources.map(\.address))
        let now = composed(under: target.revision.id).resources.map(\.address)
        return Set(now).subtracting(declared)
    }

    /// The places that a commit changes something on. `current` is what is in force on a place now,
    /// nil where nothing is.
    static func changing(
        _ places: Set<String>, towards target: DesiredState,
        from current: (String) -> DesiredState?
    ) -> Set<String> {
        let wanted = contents(of: target)
        var known: [String: [String: [Address: Digest]]] = [:]
        return places.filter { place in
            guard let tree = current(place) else { return true }
            let contents = known[tree.revision.id] ?? contents(of: tree)
            known[tree.revision.id] = contents
            return contents[place] ?? [:] != wanted[place] ?? [:]
        }
    }

    private static func contents(of tree: DesiredState) -> [String: [Address: Digest]] {
        var result: [String: [Address: Digest]] = [:]
        for resource in tree.resources {
            result[resource.server, default: [:]][resource.address] = resource.desiredDigest
        }
        return result
    }
}
