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
        guard !due.isEmpty, let target else { return }
        let versions = fleet(target)
        let ready = due.filter { place in
            busy[place]?.yields(to: versions.revision(on: place)) ?? true
        }
        guard !ready.isEmpty else { return }
        due.subtract(ready)
        // On a place whose turn has not come, and that has no version yet, nothing is done.
        let workable = ready.filter { versions.tree(on: $0) != nil }
        let groups = Dictionary(grouping: workable) { versions.revision(on: $0) ?? "" }
        for (revision, servers) in groups {
            startRound(of: Set(servers), towards: versions.composed(under: revision), versions)
        }
    }

    private func startRound(
        of servers: Set<String>, towards desired: DesiredState, _ versions: FleetVersions
    ) {
        var urged = Selection.nothing
        for server in servers {
            if let selection = self.urged.removeValue(forKey: server) { urged = selection }
        }
        roundCount += 1
        let number = roundCount
        let hold = Hold(round: number, revision: desired.revision.id)
        for server in servers { busy[server] = hold }
        roundTasks[number] = Task {
            let former = self.inForce(desired, versions, besides: urged)
            await self.round(number, on: servers, towards: former, versions.leaving, urged)
            self.end(number, servers)
        }
    }

    private func end(_ number: Int, _ servers: Set<String>) {
        roundTasks[number] = nil
        free(servers, of: number)
    }

    /// Lets go of places, but for those that another round has taken up since.
    func free(_ servers: Set<String>, of number: Int) {
        for server in held(servers, by: number) { busy[server] = nil }
        guard !due.isDisjoint(with: servers) else { return }
        Task { await alarm.ring() }
    }

    /// Those of the places that no other round has taken up since.
    private func held(_ servers: Set<String>, by number: Int) -> Set<String> {
        servers.filter { busy[$0]?.round == number }
    }

    /// Another commit need not wait for the places that the round is done with.
    private func handover(of number: Int) -> Handover {
        Handover { [self] servers in
            await mark(servers, of: number, done: true)
            if await !due.isDisjoint(with: servers) { await alarm.ring() }
        } keep: { [self] servers in
            await mark(servers, of: number, done: false)
        }
    }

    @discardableResult
    private func mark(_ servers: Set<String>, of number: Int, done isDone: Bool) -> Set<String> {
        let held = held(servers, by: number)
        for server in held { busy[server]?.isDone = isDone }
        return held
    }

    /// The target, with what has stalled in it as it was in the last good commit: drift of it is
    /// corrected to what was in force before. What is urged is tried again.
    func inForce(
        _ desired: DesiredState, _ versions: FleetVersions, besides urged: Selection
    ) -> DesiredState {
        let target = versions.target
        // What a plan refuses has no digest: nothing is done to it, and every round asks anew.
        let stalled = Set(
            conditions.values.filter {
                $0.state == .stalled && $0.revision == target.revision.id && $0.desired != nil
            }.map(\.subject))
        guard !stalled.isEmpty else { return desired }
        var result = desired
        result.resources = desired.resources.map { resource in
            guard stalled.contains(resource.address.description),
                versions.revision(on: resource.server) == target.revision.id,
                !urged.includes(resource.address, on: resource.server),
                let former = before(resource, versions), former.server == resource.server
            else { return resource }
            return former
        }
        return result
    }

    /// What has stalled in the target, and is planned for as it was before it.
    private func putBack(in survey: Survey) -> Set<Address> {
        Set(
            survey.subjects.values.map(\.resource).filter { resource in
                guard let condition = conditions[resource.address.description],
                    condition.state == .stalled, condition.revision == target?.revision.id,
                    let desired = condition.desired
                else { return false }
                return desired != resource.desiredDigest
            }.map(\.address))
    }

    /// A resource as it was before the target, where it is so in the last good commit, or was in
    /// force on its place.
    private func before(_ resource: any Resource, _ versions: FleetVersions) -> (any Resource)? {
        let former = versions.places[resource.server]?.former.flatMap { versions.tree(of: $0) }
        guard let tree = former ?? good, tree.revision != versions.target.revision else {
            return nil
        }
        return tree.resources.first { $0.address == resource.address }
    }

    private func round(
        _ number: Int, on servers: Set<String>, towards desired: DesiredState,
        _ leaving: Set<Address>,
        _ urged: Selection
    ) async {
        do throws(Failure) {
            try await look(number, at: servers, towards: desired, leaving, urged)
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
        _ number: Int, at servers: Set<String>, towards desired: DesiredState,
        _ leaving: Set<Address>,
        _ urged: Selection
    ) async throws(Failure) {
        var request = PlanRequest(source: options.source.title, servers: servers)
        request.leaving = leaving
        if desired.revision == target?.revision { request.maxDeletes = formerRules.maxDeletes }
        let outlook = try await engine.outlook(on: desired, request)
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
                number, outlook.narrowed(to: ready), survey.narrowed(to: ready), urged, since: start
            )
            free(ready, of: number)
            ready = []
        }
        if !ready.isEmpty {
            try await act(
                number, outlook.narrowed(to: ready), survey.narrowed(to: ready), urged, since: start
            )
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
        _ number: Int, _ outlook: Outlook, _ survey: Survey, _ urged: Selection,
        since start: ContinuousClock.Instant
    ) async throws(Failure) {
        // Another commit may be in force there by now.
        guard let target,
            survey.servers.allSatisfy({
                fleet(target).revision(on: $0) == outlook.desired.revision.id
            })
        else {
            due.formUnion(survey.servers)
            return
        }
        let prepared = engine.plan(outlook, survey)
        let approvals = try await Approvals(engine.store)
        var gate = Gate(
            ungated(outlook.desired, on: survey.servers), after: good, conditions: conditions,
            suspensions: try await engine.store.suspensions(), approved: approvals.changes,
            heldDeletes: prepared.plan.deletesHeld, urged: urged,
            fit: Set(prepared.plan.unchanged).union(prepared.plan.changes.map(\.address)),
            now: seconds)
        gate.rejected = approvals.rejections(of: outlook.desired.revision)
        gate.putBack = putBack(in: survey)
        // What is not the target is what was in force before.
        if outlook.desired.revision == target.revision { gate.former = formerRules }
        let passage = Passage(prepared, through: gate)
        let outcomes = try await carryOut(number, prepared, passage)
        // What another round has taken up meanwhile is for that one to speak of.
        let kept = held(survey.servers, by: number)
        tell(
            try await approvals.settle(
                passage, outcomes, of: prepared, because: gate.reason(of: passage), kept: kept,
                in: engine.store, by: options.actor, at: seconds))
        try await conclude(prepared.part(on: kept), passage, outcomes)
        engine.emit(.settled(servers: kept, seconds: (clock.now - start) / .seconds(1)))
    }

    /// Does what the gate let through, and writes down what was seen.
    private func carryOut(
        _ number: Int, _ prepared: PreparedPlan, _ passage: Passage
    ) async throws(Failure) -> [Address: Outcome] {
        guard let lease, !passage.ready.isEmpty || prepared.hasNews else {
            try await engine.remember(prepared, besides: written)
            try await engine.settleProtections(prepared, [:], by: options.actor)
            if let lease {
                await engine.clearQuarantine(of: prepared, by: options.actor, under: lease)
            }
            return [:]
        }
        let revision = prepared.desired.revision.id
        // Until it is known what of it was begun.
        if rolling.record?.revision == revision {
            rolling.touched.formUnion(passage.ready.map(\.server))
        }
        let report = try await engine.apply(
            prepared, try await inTurn(passage.ready), closings: passage.closings,
            actor: options.actor, under: lease, handover: handover(of: number))
        if rolling.record?.revision == revision {
            rolling.touched = try await touched(by: revision)
        }
        return report.outcomes
    }

    /// Settles what came of it.
    private func conclude(
        _ prepared: PreparedPlan, _ passage: Passage, _ outcomes: [Address: Outcome]
    ) async throws(Failure) {
        let survey = prepared.survey
        let examination = await examination(of: survey, prepared.desired, besides: outcomes)
        for (address, sight) in survey.sights {
            guard case .seen(let assessment) = sight else { continue }
            // A run writes down what it saw at its end.
            written[address] = outcomes[address] == nil ? assessment.observedDigest : nil
        }
        try await settle(
            Settlement(
                prepared: prepared, passage: passage, outcomes: outcomes, before: conditions,
                servers: survey.servers, examination: examination,
                isOfTarget: prepared.desired.revision == target?.revision, now: seconds))
    }

    /// Asks what was unhealthy anew; with patience where something was done that may have helped.
    private func examination(
        of survey: Survey, _ desired: DesiredState, besides outcomes: [Address: Outcome]
    ) async -> Engine.Examination {
        let unhealthy = survey.subjects.values.filter { subject in
            conditions[subject.resource.address.description]?.state == .unhealthy
                && outcomes[subject.resource.address] == nil && !subject.intent.isRemoval
        }
        guard !unhealthy.isEmpty else { return .init() }
        return await engine.examine(
            unhealthy.map(\.resource), of: desired, isPatient: !outcomes.isEmpty)
    }

    /// A tree as it is held against rules: what undoes a rollout does not wait for its hours.
    private func ungated(_ desired: DesiredState, on servers: Set<String>) -> DesiredState {
        guard let record = rolling.record, !record.undoing.isEmpty,
            servers.allSatisfy(record.undoing.contains)
        else { return desired }
        var desired = desired
        desired.settings.windows = []
        return desired
    }

    /// The changes in the order in which they are made. Where a rollout is undone, what it did last
    /// is undone first, as the journal has it.
    private func inTurn(_ changes: [PlannedChange]) async throws(Failure) -> [PlannedChange] {
        guard let record = rolling.record, !record.undoing.isEmpty,
            changes.contains(where: { record.undoing.contains($0.server) })
        else { return changes }
        return try await engine.undoing(changes, of: record.revision)
    }
}
