import Diagnostics
import Planning
import Remote
import Resources
import Storage

/// What has been kept long enough goes.
extension Engine {
    /// Removes what has been kept long enough on the places that a plan was made for and that
    /// answered. What can't be removed now stays until the next time.
    ///
    /// By two clocks: a host on which less time has passed than the state says keeps it, so that
    /// a clock that jumps takes nothing away.
    func clearQuarantine(
        of prepared: PreparedPlan, by actor: String, under lease: Lease
    ) async {
        guard let expired = try? await store.expiredQuarantine(), !expired.isEmpty else { return }
        let routes = Routes(prepared.desired.servers)
        let silent = prepared.survey.hosts.filter { $0.value != nil }.keys
        for (server, entries) in Dictionary(grouping: expired, by: \.server)
        where !silent.contains(server) {
            let isLookedAt = prepared.survey.servers.contains(server)
            guard isLookedAt || Place.isDatabase(server), let place = routes.place(server)
            else { continue }
            do throws(Failure) {
                try await clear(entries, at: place, by: actor, under: lease)
            } catch {
                continue
            }
        }
    }

    private func clear(
        _ entries: [QuarantineEntry], at place: Place, by actor: String, under lease: Lease
    ) async throws(Failure) {
        switch place {
        case .database:
            // The database counts from a moment before the delete, in whole seconds.
            let now = Timestamp.now() / 1000
            for entry in entries where entry.restoredAt != nil || entry.keptUntil < now {
                guard try await drop(entry, at: place) else { continue }
                try await store.forgetQuarantine(entry, by: actor)
            }
        case .host(let route):
            try await inShell(of: route, under: lease) { shell throws(Failure) in
                for entry in entries {
                    let commands = KeepsakeCommands(entry.id, [])
                    let isOver = entry.restoredAt != nil
                    let reply = try await shell.run(
                        isOver
                            ? commands.forget
                            : commands.forget(olderThanSeconds: entry.keptSeconds))
                    guard reply.isSuccess else { continue }
                    try await store.forgetQuarantine(entry, by: actor)
                }
            }
        }
    }

    /// Drops the tables that a delete of all of them put aside: no migration would come any more.
    ///
    /// - Returns: whether none of them is kept any longer for this delete's sake.
    /// - Throws: what the database says.
    private func drop(_ entry: QuarantineEntry, at place: Place) async throws(Failure) -> Bool {
        guard entry.restoredAt == nil, try await store.inventoryEntry(at: entry.address) == nil
        else { return true }
        let resource = try resource(of: entry)
        let observer = HostObserver(pool: pool, desk: DatabaseDesk(store: store), parallelism: 1)
        let output = try await observer.observe(place, resource.removalLooks).get()
        let assessment = try resource.assess(output, Intent(isRemoval: true))
        guard assessment.losses.allSatisfy({ $0.fate == .dropped }) else { return false }
        let runner = DatabaseSteps(desk: observer.desk)
        for step in assessment.steps {
            let reply = try await runner.run(step)
            guard reply.isSuccess else { throw HostRun.failure(of: step, reply) }
        }
        return true
    }

    /// What was deleted, as a resource.
    func resource(of entry: QuarantineEntry) throws(Failure) -> any Resource {
        let kept = KeptResource(
            address: entry.address, server: entry.server, declaration: entry.declaration)
        let kind = catalog.first { $0.name == entry.kind }
        guard let resource = try? kind?.restore(kept) else {
            throw .stalled(
                .init("this version can't read what the state holds of \(entry.address)"))
        }
        return resource
    }

    /// Works in a shell that has shown the host the lease.
    func inShell(
        of route: HostRoute, under lease: Lease,
        _ work: (StepShell) async throws(Failure) -> Void
    ) async throws(Failure) {
        let shell = StepShell(
            try await pool.connection(to: route).openShell(), fence: fence(under: lease),
            timeoutSeconds: route.server.commandTimeoutSeconds)
        do throws(Failure) {
            try await shell.raiseFence(isLocal: route.server.transport == .local)
            try await work(shell)
        } catch {
            await shell.close()
            throw error
        }
        await shell.close()
    }
}
