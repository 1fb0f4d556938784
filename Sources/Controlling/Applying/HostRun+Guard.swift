import Diagnostics
import Planning
import Remote
import Resources

/// Changes that could lock Stead out of the host: made last, together, under the eyes of a process
/// on the host that undoes them unless a new connection confirms.
extension HostRun {
    /// Why guarded changes are not kept.
    struct Doubt {
        /// Whose step failed; nil when it may be any of them.
        var culprit: Address?
        var report: Failure.Report
    }

    /// The items that are guarded, and the others. What depends on a guarded one on this host goes
    /// with it, and so does the rest of its transaction.
    func apart(_ items: [WorkItem]) -> (open: [WorkItem], guarded: [WorkItem]) {
        guard case .host = work.place else { return (items, []) }
        var guarded = Set(items.filter { desk.guarding.covers($0.resource) }.map(\.address))
        guard !guarded.isEmpty else { return (items, []) }
        var count = 0
        while count != guarded.count {
            count = guarded.count
            let bundles = Set(
                items.filter { guarded.contains($0.address) }.compactMap(\.transaction?.id))
            for item in items {
                let isBound =
                    item.resource.dependencies.contains(where: guarded.contains)
                    || item.transaction.map { bundles.contains($0.id) } ?? false
                if isBound { guarded.insert(item.address) }
            }
        }
        return (
            items.filter { !guarded.contains($0.address) },
            items.filter { guarded.contains($0.address) }
        )
    }

    /// Makes the changes, and keeps them only when a new connection says so.
    mutating func performGuarded(_ items: [WorkItem]) async throws(Failure) {
        let items = try await unblocked(items)
        guard !items.isEmpty, case .host(let route) = work.place else { return }
        let shell = try await openShell(on: desk.pool.connection(to: route), route)
        do throws(Failure) {
            try await performGuarded(items, in: shell, route)
        } catch {
            await shell.close()
            throw error
        }
        await shell.close()
    }

    private mutating func performGuarded(
        _ items: [WorkItem], in shell: StepShell, _ route: HostRoute
    ) async throws(Failure) {
        let guardian = try await arm(items, in: shell)
        let seconds = desk.guarding.timeoutSeconds
        emit(.guardArmed(server: work.place.name, seconds: seconds))
        var doubt = await perform(items, in: GuardedShell(shell, guardian: guardian))
        if doubt == nil { doubt = await confirm(guardian, along: route) }
        if let doubt { return try await takeBack(items, doubt, guardian, in: shell, route) }
        emit(.guardConfirmed(server: work.place.name))
        note(HostDeed(action: "guard.confirmed", subject: "server/\(work.place.name)"))
        _ = try? await shell.run(guardian.forget)
        try await verify(items)
    }

    private func arm(_ items: [WorkItem], in shell: StepShell) async throws(Failure) -> HostGuard {
        let reply = try await shell.run(
            HostGuard.arm(
                Nonce().text, timeoutSeconds: desk.guarding.timeoutSeconds,
                paths: items.guardedPaths, commands: items.guardedCommands))
        if reply.isSuccess, reply.output.hasPrefix("/") {
            return HostGuard(folder: reply.output)
        }
        let reason = reply.output.split(separator: "\n").last.map(String.init)
        let isBusy = reply.status == HostGuard.Status.busy
        let report = Failure.Report(
            "not begun, as the host can't watch over it: \(reason ?? "status \(reply.status)")",
            detail: reply.output.contains("\n") ? reply.output : nil,
            fix: isBusy ? "the host undoes that one by itself: try again in a minute" : nil)
        throw isBusy ? .transient(report) : .stalled(report)
    }

    /// Runs all steps until one fails, and says why it stopped.
    private mutating func perform(_ items: [WorkItem], in shell: GuardedShell) async -> Doubt? {
        do throws(Failure) {
            for group in Self.grouped(items) {
                let doubt =
                    if let transaction = group.lazy.compactMap(\.transaction).first {
                        try await bundle(transaction, of: group, in: shell)
                    } else {
                        try await steps(of: group, in: shell)
                    }
                if let doubt { return doubt }
            }
            // The confirmation has the whole time too.
            try await shell.renew()
            return nil
        } catch {
            var report = error.report
            report.message = "this change could not be finished: \(report.message)"
            return Doubt(report: report)
        }
    }

    private mutating func steps(
        of items: [WorkItem], in shell: GuardedShell
    ) async throws(Failure) -> Doubt? {
        for item in items {
            for step in item.steps {
                let reply = try await perform(step, of: item, in: shell)
                guard !reply.isSuccess else { continue }
                return Doubt(culprit: item.address, report: Self.failure(of: step, reply).report)
            }
        }
        return nil
    }

    /// A transaction that fails has undone its own part and said so.
    private mutating func bundle(
        _ transaction: Transaction, of items: [WorkItem], in shell: GuardedShell
    ) async throws(Failure) -> Doubt? {
        guard try await perform(transaction, of: items, in: shell).isEmpty else { return nil }
        let failed = items.first { item in
            if case .failed = report.outcomes[item.address] { true } else { false }
        }
        let message = failed.flatMap { report.outcomes[$0.address]?.message }
        return Doubt(
            culprit: failed?.address ?? items[0].address,
            report: .init(message ?? "\(transaction.id) was taken back"))
    }

    // MARK: - Confirming

    /// Tells the host over a new connection that it can still be reached, and why that failed.
    ///
    /// What a person would have to look at, such as a key that is refused, is not tried again.
    private func confirm(_ guardian: HostGuard, along route: HostRoute) async -> Doubt? {
        let deadline = ContinuousClock.now + .seconds(desk.guarding.timeoutSeconds)
        while true {
            do throws(Failure) {
                let reply = try await overNewConnection(guardian.confirm, along: route)
                guard !reply.isSuccess else { return nil }
                return Doubt(report: .init("the confirmation came too late"))
            } catch {
                let report = error.report
                guard case .transient = error, ContinuousClock.now < deadline, !Task.isCancelled
                else {
                    return Doubt(
                        report: .init(
                            "a new connection failed after this change: \(report.message)",
                            detail: report.detail))
                }
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Signs in anew, becomes root where the server says so, and runs a command under the lease.
    private func overNewConnection(_ command: Command, along route: HostRoute)
        async throws(Failure) -> StepShell.Reply
    {
        let connection = try await desk.pool.newConnection(to: route)
        do throws(Failure) {
            let shell = try await openShell(on: connection, route)
            let reply = try await shell.run(command)
            await shell.close()
            await connection.close()
            return reply
        } catch {
            await connection.close()
            throw error
        }
    }

    // MARK: - Taking back

    /// Has the host undo everything, or waits until it has; then looks whether it is so.
    private mutating func takeBack(
        _ items: [WorkItem], _ doubt: Doubt, _ guardian: HostGuard, in shell: StepShell,
        _ route: HostRoute
    ) async throws(Failure) {
        emit(.guardUndone(server: work.place.name, reason: doubt.report.message))
        note(
            HostDeed(
                action: "guard.undone", subject: "server/\(work.place.name)",
                reason: doubt.report.message))
        do throws(Failure) {
            let reply = try await undone(guardian, in: shell, route)
            let isDone = reply.isSuccess || reply.status == HostGuard.Status.commandFailed
            if isDone { _ = try? await overNewConnection(guardian.forget, along: route) }
            let output = try await lookTwiceIfNeeded(at: items)
            for item in items {
                let now = try item.resource.assess(output, item.intent)
                note(now, of: item)
                let isBack = now.observedDigest == item.change.observedDigest
                try await settle(item, doubt, isBack: isBack, reply)
            }
        } catch {
            throw .stalled(
                .init(
                    "\(doubt.report.message); whether the host has put it back is not known: "
                        + error.report.message,
                    detail: doubt.report.detail,
                    fix: "look at its console; copies of what was replaced are in "
                        + guardian.folder))
        }
    }

    /// The host's word on what it has put back: by the shell that was open before, or else by new
    /// connections until it must have done so by itself.
    private func undone(_ guardian: HostGuard, in shell: StepShell, _ route: HostRoute)
        async throws(Failure) -> StepShell.Reply
    {
        if let reply = try? await shell.run(guardian.takeBack) { return reply }
        let seconds = desk.guarding.timeoutSeconds + 120
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            do throws(Failure) {
                return try await overNewConnection(guardian.takeBack, along: route)
            } catch {
                guard ContinuousClock.now < deadline, !Task.isCancelled else {
                    throw .stalled(
                        .init("it was not reached for \(seconds)s: \(error.report.message)"))
                }
            }
            try? await Task.sleep(for: .seconds(2))
        }
    }

    private mutating func settle(
        _ item: WorkItem, _ doubt: Doubt, isBack: Bool, _ reply: StepShell.Reply
    ) async throws(Failure) {
        let note = reply.isSuccess || reply.output.isEmpty ? nil : reply.output
        guard isBack else {
            return settle(
                item,
                .failed(
                    .stalled(
                        .init(
                            "\(doubt.report.message); the host should have put it back, and it is "
                                + "not as it was",
                            detail: note))))
        }
        let what = item.resource.guardedPaths.first ?? item.address.description
        let message =
            "\(doubt.report.message); the host put \(what) back by itself"
            + (reply.isSuccess ? "" : ", but what was to put it in force has failed")
        for step in item.steps {
            try await end(step, of: item, .undone, message: message)
        }
        if let culprit = doubt.culprit, culprit != item.address {
            guard report.outcomes[item.address] == nil else { return }
            return settle(item, .undone(reason: "taken back with \(culprit)"))
        }
        let details = [doubt.report.detail, note].compactMap(\.self)
        settle(
            item,
            .failed(
                .stalled(
                    .init(
                        message,
                        detail: details.isEmpty ? nil : details.joined(separator: "\n"),
                        fix: doubt.report.fix))))
    }
}
