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
        /// The commit that is in force there, while it is told apart from other servers'.
        var revision: String?
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

    /// Something that is not as it should be, as the controller says.
    struct Wrong: Encodable {
        var subject: String
        var state: String
        var message: String
        var fix: String?
        var revision: String
        var attempts: Int
        /// ISO 8601, as `retryAt` is.
        var since: String
        var retryAt: String?

        init(_ condition: Condition) {
            subject = condition.subject
            state = condition.state.rawValue
            message = condition.message
            fix = condition.fix
            revision = condition.revision
            attempts = condition.attempts
            since = Clock.text(condition.since)
            retryAt = condition.retryAt.map(Clock.text)
        }

        /// The message, which may begin with the state that stands before it.
        var words: String {
            let prefix = "\(state): "
            return String(message.dropFirst(message.hasPrefix(prefix) ? prefix.count : 0))
        }
    }

    /// A commit that the controller has seen.
    struct Seen: Encodable {
        var revision: String
        var subject: String?
        var verdict: String
        var message: String?
        /// ISO 8601.
        var seenAt: String

        init(_ commit: CommitRecord) {
            revision = commit.revision.id
            subject = commit.revision.subject
            verdict = commit.verdict.rawValue
            message = commit.message
            seenAt = Clock.text(commit.seenAt)
        }

        /// `0123456789  refused  Subject: why`.
        var line: String {
            let words = [subject, message].compactMap(\.self).joined(separator: ": ")
            return "\(revision.prefix(10))  \(verdict)  \(Terminal.sanitized(words))"
        }
    }

    /// A commit on its way to the servers, or one that was stopped there.
    struct Rollout: Encodable {
        var revision: String
        /// `rolling`, `stopped`, `reverting` or `reverted`.
        var state: String
        /// `group 1 of 3 (tier=canary)`.
        var group: String
        /// How many batches have had their turn, and of how many.
        var batches: Int
        var batchCount: Int
        var message: String?
        /// Servers whose changes are undone.
        var undoing: [String]
        /// Those of them that are as before, once it is known of all.
        var undone: [String]?
        /// ISO 8601, as `pausedUntil` is.
        var since: String
        var pausedUntil: String?
        /// For people.
        private var words: String

        enum CodingKeys: CodingKey {
            case revision, state, group, batches, batchCount, message, undoing, undone
            case since, pausedUntil
        }

        init(_ record: RolloutRecord) {
            revision = record.revision
            state = record.state.rawValue
            group = record.group
            batches = record.batches
            batchCount = record.batchCount
            message = record.message
            undoing = record.undoing
            undone = record.undone
            since = Clock.text(record.since)
            pausedUntil = record.pausedUntil.map(Clock.text)
            words = record.line
        }

        /// `Rollout of 0123456789 stopped at group 1 of 3 (tier=canary): file/motd: …`.
        var line: String {
            let pause = pausedUntil.map { ", until \($0)" } ?? ""
            return "Rollout of \(revision.prefix(10)) \(words)\(pause) (since \(since))\n"
        }
    }

    var servers: [Server]
    var resources: [Owned]
    /// Who holds the lease, and whether it lives; nil when nobody does.
    var holder: String?
    /// The commit that was taken last.
    var inForce: Seen?
    /// The one that was seen last; where that is of no account any more, the one in force.
    var lastCommit: Seen?
    /// How far a commit is that is rolled out group by group; nil when there is none such.
    var rollout: Rollout?
    var conditions: [Wrong]
    var suspensions: [SuspensionLine]
    var lastRun: HistoryEntry?

    /// Reads it from the state.
    init(_ store: StateStore) async throws(Failure) {
        self.init(
            hosts: try await store.hosts(), inventory: try await store.inventory(),
            observations: try await store.observations(),
            unfinished: try await store.unfinished(),
            lastRun: try await store.runs(limit: 1).first)
        conditions = try await store.conditions().map(Wrong.init)
        suspensions = try await store.suspensions().map(SuspensionLine.init)
        rollout = try await store.rollout().map(Rollout.init)
        let places = try await store.rolloutPlaces()
        for position in servers.indices {
            servers[position].revision = places[servers[position].name]?.revision
        }
        inForce = try await store.commitInForce().map(Seen.init)
        lastCommit = try await store.commits(limit: 1).first.map(Seen.init)
        // What was refused is settled once nothing is wrong with the branch.
        if inForce != nil, !conditions.contains(where: { $0.subject == "source" }) {
            lastCommit = inForce
        }
        holder = try await store.lease().holder.flatMap {
            $0.isAlive == false ? nil : $0.description
        }
    }

    init(
        hosts: [HostSighting], inventory: [InventoryEntry], observations: [ObservedResource],
        unfinished: Set<Address>, lastRun: RunRecord?
    ) {
        conditions = []
        suspensions = []
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
            let revision = server.revision.map { revision in
                revision == rollout?.revision
                    ? ", has had its turn" : ", has \(revision.prefix(10))"
            }
            table.add([
                server.failure == nil ? " " : terminal.paint("?", .magenta),
                "server/\(server.name)",
                (server.failure ?? "reached") + (revision ?? ""), server.reachedAt ?? server.seenAt,
            ])
        }
        for resource in resources where !resource.address.description.hasPrefix("server/") {
            let mark = resource.condition == "as applied" ? " " : terminal.paint("!", .yellow)
            table.add([
                mark, resource.address.description, "\(resource.condition) on \(resource.server)",
                resource.observedAt ?? resource.appliedAt,
            ])
        }
        let last = lastRun.map { "\nLast run: \($0.line)\n" } ?? ""
        return table.text + wrong(terminal) + commit + (rollout?.line ?? "") + last
    }

    /// What is not as it should be, and what is left alone.
    private func wrong(_ terminal: Terminal) -> String {
        var table = TextTable()
        for condition in conditions {
            table.add([
                terminal.paint(condition.state, .yellow), condition.subject,
                condition.words + (condition.fix.map { " (\($0))" } ?? ""),
                "since \(condition.since)",
            ])
        }
        for suspension in suspensions {
            table.add([
                terminal.paint("suspended", .cyan), suspension.subject, suspension.reason,
                "since \(suspension.since)",
            ])
        }
        return conditions.isEmpty && suspensions.isEmpty ? "" : "\n\(table.text)"
    }

    private var commit: String {
        let by = holder.map { "; \($0)" } ?? "; no controller runs"
        let last = lastCommit?.revision == inForce?.revision ? nil : lastCommit
        let lines = [
            inForce.map { "In force: \($0.line)\(by)\n" },
            last.map {
                "Last commit: \($0.line)\(inForce == nil ? by : "")\n"
            },
        ].compactMap(\.self)
        return lines.isEmpty ? "" : "\n" + lines.joined()
    }
}
