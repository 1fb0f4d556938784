import Diagnostics
import Manifests
import Planning
import Resources
import Storage

/// Working on hosts, in rounds.
extension Controller {
    /// What a round waits for.
    private enum Event: Sendable {
        case answered(Survey.Reading)
        /// Time has passed.
        case tick
    }

    /// Starts a round for what is due and not being worked on.
    func startRound() {
        let servers = due.subtracting(busy)
        guard !servers.isEmpty, let target else { return }
        due.subtract(servers)
        busy.formUnion(servers)
        var urged = Selection.nothing
        for server in servers {
            if let selection = self.urged.removeValue(forKey: server) { urged = selection }
        }
        roundCount += 1
        let number = roundCount
        roundTasks[number] = Task {
            await self.round(servers, towards: self.inForce(target, besides: urged), urged)
            self.end(number, servers)
        }
    }

    private func end(_ number: Int, _ servers: Set<String>) {
        roundTasks[number] = nil
        free(servers)
    }

    private func free(_ servers: Set<String>) {
        busy.subtract(servers)
        guard !due.isDisjoint(with: servers) else { return }
        Task { await alarm.ring() }
    }

    /// The target, with what has stalled in it as it was in the last good commit: drift of it is
    /// corrected to what was in force before. What is urged is tried again.
    private func inForce(
        _ target: DesiredState, besides urged: Selection
    ) -> DesiredState {
        guard let good, good.revision != target.revision else { return target }
        let stalled = Set(
            conditions.values.filter {
                $0.state == .stalled && $0.revision == target.revision.id
            }.map(\.subject))
        guard !stalled.isEmpty else { return target }
        let before = Dictionary(
            good.resources.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        var result = target
        result.resources = target.resources.map { resource in
            guard stalled.contains(resource.address.description),
                !urged.includes(resource.address, on: resource.server),
                let former = before[resource.address], former.server == resource.server
            else { return resource }
            return former
        }
        return result
    }

    private func round(
        _ servers: Set<String>, towards desired: DesiredState, _ urged: Selection
    ) async {
        do throws(Failure) {
            try await look(servers, towards: desired, urged)
        } catch {
            tell([
                Occurrence(
                    .failed, "controller", error.report.message, revision: desired.revision.id,
                    at: seconds)
            ])
            failed.formUnion(servers)
            await retry(inSeconds: 10)
        }
    }

    /// Looks at the servers; works on those that answer in good time together, and then on each of
    /// the others as it answers.
    private func look(
        _ servers: Set<String>, towards desired: DesiredState, _ urged: Selection
    ) async throws(Failure) {
        let outlook = try await engine.outlook(
            on: desired, PlanRequest(source: options.source.title, servers: servers))
        var survey = Survey(subjects: outlook.subjects)
        let routes = Routes(desired.servers)
        var missing = Set(survey.places(along: routes).map(\.name))
        // What has no way to it any more is planned for as unknown, at once.
        var ready = servers.subtracting(missing)
        var patience = Patience(for: missing.subtracting(laggards), from: clock.now)
        let start = clock.now
        var isFirst = true
        for await event in Self.events(
            survey.readings(along: routes, with: engine.observer(for: desired)))
        {
            // What is only looked at need not come to its end.
            if isStopping { return }
            if case .answered(let reading) = event {
                engine.emit(.hostObserved(server: reading.server, failure: reading.failure))
                survey.take(reading)
                missing.remove(reading.server)
                ready.insert(reading.server)
                patience.answered(reading.server, at: clock.now)
                if reading.failure == nil, isFirst { laggards.remove(reading.server) }
                if reading.failure != nil { laggards.insert(reading.server) }
            }
            if isFirst {
                guard patience.isOver(at: clock.now) || missing.isEmpty else { continue }
                isFirst = false
                laggards.formUnion(missing)
            }
            guard !ready.isEmpty else { continue }
            try await act(
                outlook.narrowed(to: ready), survey.narrowed(to: ready), urged, since: start)
            free(ready)
            ready = []
        }
        if !ready.isEmpty {
            try await act(
                outlook.narrowed(to: ready), survey.narrowed(to: ready), urged, since: start)
        }
    }

    /// A round's readings, and the passing of time while it waits.
    private static func events(_ readings: AsyncStream<Survey.Reading>) -> AsyncStream<Event> {
        AsyncStream { continuation in
            let reader = Task {
                for await reading in readings { continuation.yield(.answered(reading)) }
                continuation.finish()
            }
            let ticker = Task {
                while (try? await Task.sleep(for: .milliseconds(100))) != nil {
                    continuation.yield(.tick)
                }
            }
            continuation.onTermination = { _ in
                reader.cancel()
                ticker.cancel()
            }
        }
    }

    /// Plans for what was seen, does what the gate lets through, and settles what came of it.
    private func act(
        _ outlook: Outlook, _ survey: Survey, _ urged: Selection,
        since start: ContinuousClock.Instant
    ) async throws(Failure) {
        guard let target, outlook.desired.revision.id == target.revision.id else {
            due.formUnion(survey.servers)
            return
        }
        let prepared = engine.plan(outlook, survey)
        let approvals = try await Approvals(engine.store)
        let passage = Passage(
            prepared,
            through: Gate(
                outlook.desired, after: good, conditions: conditions,
                suspensions: try await engine.store.suspensions(), approved: approvals.changes,
                heldDeletes: prepared.plan.deletesHeld, urged: urged, now: seconds))
        var outcomes: [Address: Outcome] = [:]
        if let lease, !passage.ready.isEmpty || prepared.hasNews {
            outcomes = try await engine.apply(
                prepared, passage.ready, closings: passage.closings, actor: options.actor,
                under: lease
            ).outcomes
        } else {
            try await engine.remember(prepared, besides: written)
        }
        for (address, sight) in survey.sights {
            guard case .seen(let assessment) = sight else { continue }
            // A run writes down what it saw at its end.
            written[address] = outcomes[address] == nil ? assessment.observedDigest : nil
        }
        tell(
            try await approvals.settle(
                passage, outcomes, of: prepared, on: survey.servers, in: engine.store,
                by: options.actor, at: seconds))
        try await settle(
            Settlement(
                prepared: prepared, passage: passage, outcomes: outcomes, before: conditions,
                servers: survey.servers, now: seconds))
        engine.emit(.settled(servers: survey.servers, seconds: (clock.now - start) / .seconds(1)))
    }
}
