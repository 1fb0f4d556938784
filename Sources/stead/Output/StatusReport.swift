import Diagnostics
import Resources
import Storage

/// What the state knows, put together for `stead status`.
struct StatusReport: Encodable {
    /// A server, as last reached.
    struct Server: Encodable {
        var name: String
        /// ISO 8601, as `reachedAt` is.
        var seenAt: String
        var reachedAt: String?
        var failure: String?
    }

    /// A resource that Stead owns.
    struct Owned: Encodable {
        var address: Address
        var server: String
        /// `as applied`, `moved`, `unfinished`, or `not seen since`.
        var condition: String
        var origin: String
        var revision: String
        /// ISO 8601, as `observedAt` is.
        var appliedAt: String
        var observedAt: String?
    }

    var servers: [Server]
    var resources: [Owned]
    /// What the controller says is not as it should be.
    var conditions: [Condition]
    var suspensions: [Suspension]
    var lastRun: HistoryEntry?

    init(
        hosts: [HostSighting], inventory: [InventoryEntry], observations: [ObservedResource],
        unfinished: Set<Address>, conditions: [Condition], suspensions: [Suspension],
        lastRun: RunRecord?
    ) {
        self.conditions = conditions
        self.suspensions = suspensions
        let seen = Dictionary(
            observations.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        servers = hosts.map {
            Server(
                name: $0.server, seenAt: Clock.text($0.at),
                reachedAt: $0.reachedAt.map(Clock.text), failure: $0.failure)
        }
        resources = inventory.map { entry in
            Owned(
                address: entry.address, server: entry.server,
                condition: Self.condition(
                    entry, seen[entry.address], isUnfinished: unfinished.contains(entry.address)),
                origin: entry.origin.rawValue, revision: entry.revision,
                appliedAt: Clock.text(entry.appliedAt),
                observedAt: (seen[entry.address]?.observedAt).map(Clock.text))
        }
        self.lastRun = lastRun.map(HistoryEntry.init)
    }

    private static func condition(
        _ entry: InventoryEntry, _ seen: ObservedResource?, isUnfinished: Bool
    ) -> String {
        if isUnfinished { return "unfinished" }
        guard let seen else { return "not seen since" }
        return seen.digest == entry.observedDigest ? "as applied" : "moved"
    }

    /// A block of servers, a block of resources, the last run.
    func text(_ terminal: Terminal) -> String {
        guard !servers.isEmpty || !resources.isEmpty || !conditions.isEmpty else {
            return "Nothing is known yet: `stead plan` looks, `stead apply` takes things on.\n"
        }
        var table = TextTable()
        for server in servers {
            table.add([
                server.failure == nil ? " " : terminal.paint("?", .magenta),
                "server/\(server.name)",
                server.failure ?? "reached", server.reachedAt ?? server.seenAt,
            ])
        }
        for resource in resources where !resource.address.description.hasPrefix("server/") {
            let mark = resource.condition == "as applied" ? " " : terminal.paint("!", .yellow)
            table.add([
                mark, resource.address.description, "\(resource.condition) on \(resource.server)",
                resource.observedAt ?? resource.appliedAt,
            ])
        }
        var wrong = TextTable()
        for condition in conditions {
            wrong.add([
                terminal.paint(condition.state.rawValue, .yellow), condition.subject,
                condition.message + (condition.fix.map { " (\($0))" } ?? ""),
                "since \(Clock.text(condition.since))",
            ])
        }
        let others = conditions.isEmpty ? "" : "\n\(wrong.text)"
        let last = lastRun.map { "\nLast run: \($0.line)\n" } ?? ""
        return table.text + others + last
    }
}
