internal import Diagnostics
package import Resources
package import Storage

/// Takes the audit log off the machine as it grows. How far it has come is in the state, so that
/// whoever goes on begins after the last entry that arrived, or sends some once more.
package actor AuditForwarder {
    private static let batchCount = 200

    private let store: StateStore
    private let settings: @Sendable () async -> Settings?
    private let warn: @Sendable (String) -> Void
    private var attempts = 0
    private var lastWarning: String?

    /// - Parameters:
    ///   - store: open for writing.
    ///   - settings: those in force; nil while this process has nothing to say.
    ///   - warn: told of what fails, without secrets.
    package init(
        store: StateStore, settings: @escaping @Sendable () async -> Settings?,
        warning warn: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.settings = settings
        self.warn = warn
    }

    /// Works until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            var pause = Duration.milliseconds(500)
            if let settings = await settings() {
                do throws(Failure) {
                    if try await forward(settings.audit.forward) { pause = .zero }
                    attempts = 0
                    lastWarning = nil
                } catch {
                    pause = .seconds(min(60, RetryDelay.seconds(after: attempts)))
                    attempts += 1
                    complain(error.report.message)
                }
            }
            try? await Task.sleep(for: pause)
        }
    }

    private func complain(_ message: String) {
        guard message != lastWarning, !Task.isCancelled else { return }
        lastWarning = message
        warn("the audit log can't be forwarded: \(Redactor.redactedMessage(message))")
    }

    /// Sends the next entries, if there are any.
    ///
    /// - Returns: whether there may be more.
    private func forward(_ forward: Settings.Forward?) async throws(Failure) -> Bool {
        let target = forward?.identity
        if try await store.forwards(toOthersThan: target) {
            let known: Int = if let target { try await store.forwarded(to: target) } else { 0 }
            try await store.keepForwarded(known, to: target)
        }
        guard let forward, let target else { return false }
        let entries = try await store.auditEntries(
            after: try await store.forwarded(to: target), limit: Self.batchCount)
        guard let last = entries.last else { return false }
        try await forward.transfer(of: entries).run()
        try await store.keepForwarded(last.sequence, to: target)
        return entries.count == Self.batchCount
    }
}

extension Settings.Forward {
    /// What the state calls it.
    fileprivate var identity: String {
        let text = syslog.map { "syslog \($0)" } ?? "webhook \(webhook?.identity ?? "")"
        return String(Digest(of: text).hexadecimal.prefix(32))
    }

    /// Entries, ready to be sent.
    fileprivate func transfer(of entries: [AuditEntry]) throws(Failure) -> Transfer {
        if let syslog {
            let url = syslog.replacing("tcp://", with: "http://", maxReplacements: 1)
                .replacing("tls://", with: "https://", maxReplacements: 1)
            let host = SyslogText.hostName
            return Transfer(
                url: url, body: entries.flatMap { SyslogText.frame($0, from: host) },
                caFile: caFile, manner: .stream)
        }
        guard let webhook, let last = entries.last else {
            throw .stalled(.init("settings name no place to forward the audit log to"))
        }
        let body = Array(entries.map { $0.jsonLine + "\n" }.joined().utf8)
        let signature = Signature(
            id: "audit-\(last.hash.hexadecimal)", timestamp: Timestamp.now() / 1000,
            secretFile: secretFile)
        return Transfer(
            url: try webhook.resolved(), body: body, caFile: caFile,
            manner: .post(
                headers: ["Content-Type: application/x-ndjson"] + (try signature.headers(of: body))
            ))
    }
}
