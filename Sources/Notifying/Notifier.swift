internal import Diagnostics
package import Resources
package import Storage

/// Tells people what the state's outbox holds, each target in its own time: a dead one delays no
/// other. A target that has not been reached for a day is not told any more, which is written down.
package actor Notifier {
    private static let longestSeconds = 86400

    private let store: StateStore
    private let settings: @Sendable () async -> Settings?
    private let clock: @Sendable () -> Int
    private let warn: @Sendable (String) -> Void
    /// What is under way, by target.
    private var work: [String: Task<Void, Never>] = [:]
    private var lastWarning: String?

    /// - Parameters:
    ///   - store: open for writing.
    ///   - settings: those in force; nil while this process has nothing to say.
    ///   - clock: seconds since 1970.
    ///   - warn: told of what fails, without secrets.
    package init(
        store: StateStore, settings: @escaping @Sendable () async -> Settings?,
        clock: @escaping @Sendable () -> Int = { Timestamp.now() / 1000 },
        warning warn: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.settings = settings
        self.clock = clock
        self.warn = warn
    }

    /// Works until the task is cancelled; what is under way then is sent again by the next.
    package func run() async {
        while !Task.isCancelled {
            if let settings = await settings() {
                do throws(Failure) {
                    try await turn(settings)
                    lastWarning = nil
                } catch {
                    complain(error.report.message)
                }
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
        for task in work.values { task.cancel() }
        for task in work.values { await task.value }
    }

    private func complain(_ message: String) {
        guard message != lastWarning else { return }
        lastWarning = message
        warn("nobody can be told: \(message)")
    }

    /// Starts what is due.
    private func turn(_ settings: Settings) async throws(Failure) {
        let targets = Dictionary(
            settings.notify.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
        try await store.route(to: targets.keys.sorted()) { notice in
            targets.filter { $0.value.wants(notice) }.keys.sorted()
        }
        for delivery in try await store.nextDeliveries() {
            guard work[delivery.target] == nil, delivery.retryAt <= clock(),
                let target = targets[delivery.target]
            else { continue }
            work[delivery.target] = Task { await self.deliver(delivery, to: target) }
        }
    }

    /// Sends a notice, and those after it as long as they arrive.
    private func deliver(_ first: Delivery, to target: Settings.NotifyTarget) async {
        defer { work[first.target] = nil }
        var next: Delivery? = first
        while let delivery = next, !Task.isCancelled {
            next = nil
            do throws(Failure) {
                guard try await attempt(delivery, to: target) else { return }
                next = try await store.nextDeliveries().first {
                    $0.target == delivery.target && $0.retryAt <= clock()
                }
            } catch {
                complain(error.report.message)
            }
        }
    }

    /// Makes one attempt, and writes down what came of it.
    ///
    /// - Returns: whether the notice needs no other.
    private func attempt(
        _ delivery: Delivery, to target: Settings.NotifyTarget
    ) async throws(Failure) -> Bool {
        let notice = delivery.notice
        do throws(Failure) {
            try await target.transfer(of: notice, at: clock()).run()
        } catch {
            guard !Task.isCancelled else { return false }
            let reason = Redactor.redactedMessage(error.report.message)
            guard clock() - notice.at < Self.longestSeconds else {
                warn("\(target.label) was not told of \(notice.subject) within a day: \(reason)")
                try await store.end(
                    delivery, audit: [Self.abandonment(of: notice, target.label, reason)])
                return true
            }
            warn("\(target.label) can't be told of \(notice.subject): \(reason)")
            try await store.putOff(
                delivery, until: clock() + RetryDelay.seconds(after: delivery.attempts))
            return false
        }
        try await store.end(delivery)
        return true
    }

    private static func abandonment(
        of notice: Notice, _ target: String, _ reason: String
    ) -> AuditEvent {
        let detail = [
            "event": notice.event, "id": notice.id, "reason": reason, "target": target,
        ]
        return AuditEvent(
            actor: "stead controller", action: "notification.abandoned", subject: notice.subject,
            detail: (try? CanonicalJSON.encode(detail)) ?? Array("{}".utf8))
    }
}
