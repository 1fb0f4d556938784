package import Diagnostics
import Planning
import Remote
import Resources
package import Storage

/// Bringing back what was deleted.
extension Engine {
    /// What a request is about: the last delete of the address, unless it says which.
    ///
    /// - Throws: `stalled` when nothing of it is kept.
    package func quarantined(_ request: RestoreRequest) async throws(Failure) -> QuarantineEntry {
        var kept = try await store.quarantine(of: request.address)
        if kept.isEmpty {
            kept = try await store.quarantine().filter { $0.address.successor == request.address }
        }
        if let id = request.id { kept = kept.filter { $0.id.hasPrefix(id) } }
        guard let entry = kept.first(where: { $0.deletedAt != nil }) ?? kept.first else {
            let isSchema = request.address.kind == "schema"
            let whose = request.id.map { " that begins with \($0)" } ?? ""
            throw .stalled(
                .init(
                    "nothing of \(request.address)\(whose) is in quarantine",
                    fix: isSchema
                        ? "declare a table or a column that was put aside again: it comes back "
                            + "with its rows"
                        : "`stead restore --list` shows what is"))
        }
        return entry
    }

    /// Brings something back just as it was deleted, or changes nothing.
    ///
    /// It is nobody's then: whoever wants Stead to keep it puts its document back.
    ///
    /// - Parameters:
    ///   - entry: what is kept of it.
    ///   - actor: who asked for it.
    ///   - lease: the right to; see `Lease`.
    /// - Returns: what is back.
    /// - Throws: `stalled` when something else is there by now, or what the host says.
    package func restore(
        _ entry: QuarantineEntry, by actor: String, under lease: Lease
    ) async throws(Failure) -> Restoration {
        let resource = try resource(of: entry)
        let restored: [String]
        if Place.isDatabase(entry.server) {
            restored = try await restoreTables(resource, entry)
        } else {
            restored = try await restore(resource, entry, on: try await route(of: entry), lease)
        }
        try await store.restored(entry, by: actor)
        emit(.recorded(server: entry.server))
        await forget(entry, by: actor, under: lease)
        let isOwned = try await store.inventoryEntry(at: entry.address) != nil
        return Restoration(entry, restored, isOwned: isOwned)
    }

    /// The way to a host by what the state holds of the servers.
    private func route(of entry: QuarantineEntry) async throws(Failure) -> HostRoute {
        var servers: [String: ServerSpec] = [:]
        for known in try await store.inventory() where known.kind.rawValue == "Server" {
            servers[known.address.name] = try? CanonicalJSON.decode(
                ServerSpec.self, from: known.declaration)
        }
        guard let route = Routes(servers).route(to: entry.server) else {
            throw .stalled(
                .init(
                    "its server \(entry.server) is not known any more",
                    fix: "declare the server again, apply that, and then restore"))
        }
        return route
    }

    // MARK: - On a host

    private func restore(
        _ resource: any Resource, _ entry: QuarantineEntry, on route: HostRoute, _ lease: Lease
    ) async throws(Failure) -> [String] {
        let guarding = Guarding(.init(), servers: [route.name: route.server])
        guard !guarding.covers(resource) else {
            throw .stalled(
                .init(
                    "signing in to \(route.name) may depend on \(entry.address)",
                    fix: "put its document back: the host then undoes the change by itself if it "
                        + "goes wrong; what was deleted is kept under \(entry.id)"))
        }
        let observer = HostObserver(pool: pool, desk: DatabaseDesk(store: store), parallelism: 1)
        let before = try await observer.observe(.host(route), resource.looks).get()
        let commands = KeepsakeCommands(entry.id, resource.keepsakes)
        let address = entry.address
        var restored: [String] = []
        try await inShell(of: route, under: lease) { shell throws(Failure) in
            emit(.stepStarted(server: route.name, address: address, step: "put it back"))
            let reply = try await shell.run(commands.putBack)
            emit(.stepRan(server: route.name, address: address, step: "put it back"))
            guard reply.isSuccess else { throw Self.refusal(reply, entry) }
            restored = reply.output.split(separator: "\n").map(String.init)
            try await revive(resource, before.facts, commands, in: shell)
        }
        let after = try await observer.observe(.host(route), resource.looks).get()
        guard try resource.assess(after, Intent()).exists else {
            throw .stalled(.init("\(entry.address) was put back, and is not there"))
        }
        return restored
    }

    private static func refusal(_ reply: StepShell.Reply, _ entry: QuarantineEntry) -> Failure {
        let line = reply.output.split(separator: "\n").last.map(String.init) ?? ""
        return switch reply.status {
        case KeepsakeCommands.Status.nothing:
            .stalled(.init("\(entry.server) keeps nothing of \(entry.address): \(line)"))
        case KeepsakeCommands.Status.obstructed:
            .stalled(
                .init(
                    "\(line) is there on \(entry.server), and is not what was deleted; nothing "
                        + "was changed",
                    fix: "move that away, and restore again"))
        default: .stalled(.init("\(entry.address) can't be put back: \(line)"))
        }
    }

    /// Puts in force what was put back. Where a test refuses it, it is taken out again.
    private func revive(
        _ resource: any Resource, _ facts: HostFacts, _ commands: KeepsakeCommands,
        in shell: StepShell
    ) async throws(Failure) {
        for step in resource.revival(on: facts) {
            emit(.stepStarted(server: resource.server, address: resource.address, step: step.id))
            let reply = try await shell.run(step)
            guard reply.isSuccess else { throw HostRun.failure(of: step, reply) }
            if let transaction = step.transaction {
                for command in [transaction.testCommand, transaction.commitCommand] {
                    let reply = try await shell.run(command)
                    guard !reply.isSuccess else { continue }
                    let lines = reply.output.split(separator: "\n").map(String.init)
                    let line = lines.first { $0.contains("[emerg]") } ?? lines.last ?? ""
                    let undone = try await shell.run(commands.takeOut)
                    throw .stalled(
                        .init(
                            "\(transaction.id) refused it: \(line); "
                                + (undone.isSuccess
                                    ? "it was taken out again, and is still in quarantine"
                                    : "and it can't be taken out: \(undone.output)"),
                            detail: lines.count > 1 ? reply.output : nil))
                }
            }
            emit(.stepRan(server: resource.server, address: resource.address, step: step.id))
        }
    }

    // MARK: - In a database

    /// Gives the tables their names back, as if they were declared again.
    private func restoreTables(
        _ resource: any Resource, _ entry: QuarantineEntry
    ) async throws(Failure) -> [String] {
        let observer = HostObserver(pool: pool, desk: DatabaseDesk(store: store), parallelism: 1)
        let place = Place.database(entry.server)
        let obstacles = try resource.obstacles(
            in: try await observer.observe(place, resource.removalLooks).get())
        guard obstacles.isEmpty else {
            throw .stalled(
                .init(
                    "\(obstacles.joined(separator: ", ")) is there, and is not what was deleted; "
                        + "nothing was changed",
                    fix: "rename that, and restore again"))
        }
        let output = try await observer.observe(place, resource.looks).get()
        let steps = try resource.assess(output, Intent()).steps
        let runner = DatabaseSteps(desk: observer.desk)
        for step in steps {
            let reply = try await runner.run(step)
            guard reply.isSuccess else { throw HostRun.failure(of: step, reply) }
        }
        return entry.losses.map(\.what)
    }

    /// What is back is kept no longer; where that can't be done now, the next round does it.
    private func forget(
        _ entry: QuarantineEntry, by actor: String, under lease: Lease
    ) async {
        var entry = entry
        entry.restoredAt = Timestamp.now() / 1000
        do throws(Failure) {
            if !Place.isDatabase(entry.server) {
                var isGone = false
                try await inShell(of: try await route(of: entry), under: lease) {
                    shell throws(Failure) in
                    isGone = try await shell.run(KeepsakeCommands(entry.id, []).forget).isSuccess
                }
                guard isGone else { return }
            }
            try await store.forgetQuarantine(entry, by: actor)
        } catch {
            return
        }
    }
}
