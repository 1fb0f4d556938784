import Diagnostics
import Foundation
import Notifying
import Resources
import Storage
import Synchronization
import TestSupport
import Testing

/// Deliveries from a real state to real receivers, with a clock that can be turned.
@Suite struct NotifierTests {
    let scratch: Scratch
    let store: StateStore

    init() throws {
        scratch = try Scratch()
        store = try StateStore(folder: scratch.path("state"), access: .readWrite)
    }

    private final class Watch: Sendable {
        let seconds = Atomic(1_769_860_800)

        var now: Int { seconds.load(ordering: .relaxed) }
    }

    private func say(_ subject: String, at seconds: Int) async throws {
        try await store.settle(
            [], clearing: [],
            notices: [
                Notice(
                    event: "stalled", subject: subject, message: "it is so", revision: "c0ffee",
                    at: seconds)
            ])
    }

    private func target(_ port: Int) -> Settings.NotifyTarget {
        var target = Settings.NotifyTarget()
        target.webhook = .url("http://127.0.0.1:\(port)/secret-token")
        return target
    }

    private func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
        for _ in 0..<400 {
            if try await condition() { return true }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return try await condition()
    }

    @Test("a target that was not reached for a day is given up, which is written down")
    func abandoned() async throws {
        let watch = Watch()
        let refusing = try HTTPReceiver(status: 503)
        var settings = Settings()
        settings.notify = [target(refusing.port)]
        let inForce = settings
        try await say("file/motd", at: watch.now)
        let box = Warnings()
        let notifier = Notifier(store: store, settings: { inForce }, clock: { watch.now }) {
            box.add($0)
        }
        let work = Task { await notifier.run() }
        #expect(await eventually { refusing.requests.count == 1 })
        #expect(try await eventually { try await store.nextDeliveries().first?.attempts == 1 })
        watch.seconds.add(3600, ordering: .relaxed)
        #expect(await eventually { refusing.requests.count == 2 })
        #expect(try await eventually { try await store.nextDeliveries().first?.attempts == 2 })
        watch.seconds.add(86400, ordering: .relaxed)
        #expect(try await eventually { try await store.nextDeliveries().isEmpty })
        let entries = try await store.auditEntries()
        #expect(entries.map(\.event.action) == ["notification.abandoned"])
        #expect(entries.first?.event.subject == "file/motd")
        #expect(!entries.contains { $0.jsonLine.contains("secret-token") })
        #expect(!box.all.isEmpty && !box.all.contains { $0.contains("secret-token") })
        work.cancel()
        await work.value
    }

    @Test(
        "messages arrive in their order, each once, and those to a target that is gone are not sent"
    )
    func order() async throws {
        let receiver = try HTTPReceiver()
        for number in 1...20 { try await say("file/f\(number)", at: 1_769_860_800) }
        try await store.route(to: ["gone"]) { _ in ["gone"] }
        for number in 21...40 { try await say("file/f\(number)", at: 1_769_860_800) }
        var settings = Settings()
        settings.notify = [target(receiver.port)]
        let inForce = settings
        let notifier = Notifier(store: store, settings: { inForce }, clock: { 1_769_860_800 }) {
            Issue.record("\($0)")
        }
        let work = Task { await notifier.run() }
        #expect(await eventually { receiver.requests.count == 20 })
        #expect(try await eventually { try await store.nextDeliveries().isEmpty })
        work.cancel()
        await work.value
        let subjects = receiver.requests.map { request in
            request.body.components(separatedBy: #""subject":""#).last?.prefix { $0 != "\"" } ?? ""
        }
        #expect(subjects == (21...40).map { "file/f\($0)" })
        #expect(Set(receiver.requests.compactMap { $0.headers["webhook-id"] }).count == 20)
    }
}

/// What was warned of.
private final class Warnings: Sendable {
    private let words = Mutex<[String]>([])

    func add(_ text: String) { words.withLock { $0.append(text) } }

    var all: [String] { words.withLock { $0 } }
}
