import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Supervising

/// Real programs that end, hang and are asked to end.
@Suite struct SupervisorTests {
    /// What a supervisor tells, and the supervisor.
    private final class Record: Sendable {
        private let kept = Mutex<[(name: String, event: SupervisorEvent)]>([])
        private let said = Mutex<[String]>([])

        func events(of name: String) -> [SupervisorEvent] {
            kept.withLock { $0.filter { $0.name == name }.map(\.event) }
        }

        var lines: [String] { said.withLock { $0 } }

        func supervisor(
            _ programs: [SupervisedProgram], _ rules: SupervisionRules = .quick
        ) -> Supervisor {
            Supervisor(programs, rules) { name, line in
                self.said.withLock { $0.append("\(name): \(line)") }
            } telling: { name, event in
                self.kept.withLock { $0.append((name, event)) }
            }
        }

        /// How often each ended by itself, in a row.
        func failures(of name: String) -> [Int] {
            events(of: name).compactMap { event in
                if case .ended(_, let failures, _) = event { failures } else { nil }
            }
        }

        func starts(of name: String) -> Int {
            events(of: name).count { if case .started = $0 { true } else { false } }
        }
    }

    private static func shell(
        _ name: String, _ script: String, probe: HealthProbe? = nil
    ) -> SupervisedProgram {
        SupervisedProgram(name: name, arguments: ["/bin/sh", "-c", script], probe: probe)
    }

    /// Runs until it is asked to end.
    private static let steady = "trap 'exit 0' TERM; echo up >&2; while :; do sleep 0.1; done"

    /// Waits until something holds; a test that waits in vain fails by what it checks next.
    private static func wait(until isSo: () -> Bool) async throws {
        for _ in 0..<1200 where !isSo() { try await Task.sleep(for: .milliseconds(50)) }
    }

    @Test("what ends is started again and again, and says why; another is left alone")
    func restarts() async throws {
        let record = Record()
        let supervisor = record.supervisor([
            Self.shell("wrong", "echo 'Error: no such flag' >&2; exit 64"),
            Self.shell("steady", Self.steady),
        ])
        async let isGood = supervisor.run()
        try await Self.wait {
            record.failures(of: "wrong").count >= 3 && record.lines.contains("steady: up")
        }
        await supervisor.stop()
        // The wrong one may have been asked to end while it ran.
        _ = await isGood
        #expect(record.failures(of: "wrong").prefix(3) == [1, 2, 3])
        #expect(record.starts(of: "steady") == 1)
        #expect(record.events(of: "steady").last == .stopped(.status(0)))
        #expect(record.lines.contains("wrong: Error: no such flag"))
        let third = record.events(of: "wrong").filter {
            if case .ended(_, 3, _) = $0 { true } else { false }
        }
        #expect(third.first?.message.contains("status 64, 3 times in a row now") == true)
        #expect(third.first?.message.contains("its flags are wrong") == true)
    }

    @Test("what does not answer is ended, and killed when it does not hear")
    func hangs() async throws {
        let record = Record()
        var rules = SupervisionRules.quick
        rules.startTimeout = .milliseconds(200)
        rules.drainTimeout = .milliseconds(200)
        // A port that is open for nobody: the listener is gone when the probe asks.
        let port = try LoopbackListener().port
        let probe = HealthProbe(.address(host: "127.0.0.1", port: port))
        let deaf = "trap '' TERM; while :; do sleep 0.1; done"
        let supervisor = record.supervisor([Self.shell("deaf", deaf, probe: probe)], rules)
        async let isGood = supervisor.run()
        try await Self.wait { record.starts(of: "deaf") >= 2 }
        await supervisor.stop()
        // It may have been between two starts.
        _ = await isGood
        let events = record.events(of: "deaf")
        #expect(
            events.contains {
                if case .hangs(let why) = $0 { why.contains("no answer") } else { false }
            })
        #expect(events.contains(.overdue))
        #expect(
            events.contains {
                if case .ended(.signal(9), 1, _) = $0 { true } else { false }
            })
    }

    @Test("a reload reaches what runs, and ends the wait of what does not")
    func reload() async throws {
        let record = Record()
        var rules = SupervisionRules.quick
        rules.delay.firstMilliseconds = 3_600_000
        rules.delay.longestMilliseconds = 3_600_000
        let hearing = "trap 'echo again >&2' HUP; " + Self.steady
        let supervisor = record.supervisor(
            [Self.shell("hearing", hearing), Self.shell("failing", "exit 1")], rules)
        async let isGood = supervisor.run()
        try await Self.wait {
            record.lines.contains("hearing: up") && record.failures(of: "failing").count == 1
        }
        await supervisor.reload()
        try await Self.wait {
            record.lines.contains("hearing: again") && record.failures(of: "failing").count == 2
        }
        await supervisor.stop()
        #expect(await isGood)
        #expect(record.lines.contains("hearing: again"))
        #expect(record.failures(of: "failing") == [1, 2])
    }

    @Test("lines come whole, the last one too; a program that can't be started is told of")
    func lines() async throws {
        let record = Record()
        let supervisor = record.supervisor([
            Self.shell("talker", "printf 'one\\ntw' >&2; sleep 0.2; printf 'o\\nthree' >&2"),
            SupervisedProgram(name: "none", arguments: ["/nonexistent/stead"], probe: nil),
        ])
        async let isGood = supervisor.run()
        try await Self.wait {
            record.failures(of: "talker").count >= 1 && record.failures(of: "none").count >= 1
                && record.lines.count >= 3
        }
        await supervisor.stop()
        _ = await isGood
        #expect(record.lines.prefix(3) == ["talker: one", "talker: two", "talker: three"])
        #expect(record.events(of: "none").first?.message.contains("can't be started") == true)
    }

    @Test("the wait grows with each failure, to a limit, and is not the same twice")
    func delays() {
        var generator = SplitMix(seed: 7)
        let delay = RestartDelay()
        for (failures, whole) in [(1, 500), (2, 1000), (5, 8000), (8, 60_000), (400, 60_000)] {
            for _ in 0..<50 {
                let wait = delay.milliseconds(after: failures, using: &generator)
                #expect((whole / 2...whole).contains(wait))
            }
        }
        let waits = (0..<20).map { _ in delay.milliseconds(after: 9, using: &generator) }
        #expect(Set(waits).count > 1)
    }
}

extension SupervisionRules {
    /// For programs that fail on purpose.
    fileprivate static var quick: SupervisionRules {
        var rules = SupervisionRules()
        rules.healthInterval = .milliseconds(50)
        rules.delay.firstMilliseconds = 10
        rules.delay.longestMilliseconds = 50
        return rules
    }
}
