import Foundation
import Glibc
import TestSupport
import Testing

/// The real `stead up` with a real controller and a real gateway.
@Suite(.serialized) struct UpTests {
    @Test("both run; what is killed comes back alone; SIGHUP and SIGTERM reach both")
    func life() async throws {
        let up = try Up()
        try await up.isServing()
        #expect(up.log.contains("controller is ready"), "\(up.log)")
        let (controller, gateway) = (try up.child("controller"), try up.child("gateway"))
        kill(gateway, SIGKILL)
        try await ServingController.wait {
            (try? up.child("gateway")).map { $0 != gateway } == true
        }
        try await up.isServing()
        #expect(try up.child("controller") == controller)
        #expect(up.log.contains("gateway was ended by signal 9; started again"), "\(up.log)")

        // Its branch is looked at once an hour.
        try up.scratch.commit("two")
        kill(up.process.identifier, SIGHUP)
        try await ServingController.wait { up.scratch.note == "two\n" }
        #expect(up.scratch.note == "two\n", "\(up.log)")
        try await ServingController.wait { up.log.contains("everything was read anew") }
        #expect(up.log.contains("gateway: "), "\(up.log)")

        kill(up.process.identifier, SIGTERM)
        #expect(try await up.ending() == 0, "\(up.log)")
        #expect(up.log.contains("controller has ended") && up.log.contains("gateway has ended"))
        #expect(kill(controller, 0) != 0)
    }

    @Test("neither outlives a supervisor that is killed")
    func killed() async throws {
        let up = try Up()
        try await up.isServing()
        let children = [try up.child("controller"), try up.child("gateway")]
        kill(up.process.identifier, SIGKILL)
        try await ServingController.wait { children.allSatisfy { !Up.lives($0) } }
        #expect(children.allSatisfy { !Up.lives($0) }, "\(up.log)")
    }

    @Test("one that can't run keeps failing, says why, and holds up nobody")
    func oneFails() async throws {
        let taken = try LoopbackListener()
        let up = try Up(gatewayPort: taken.port)
        try await ServingController.wait {
            up.log.contains("3 times in a row now") && up.scratch.note == "one\n"
        }
        #expect(up.scratch.note == "one\n", "\(up.log)")
        #expect(up.log.contains("gateway: error: the address 127.0.0.1:\(taken.port) is in use"))
        #expect(up.log.contains("gateway has ended with status 1"), "\(up.log)")
        kill(up.process.identifier, SIGTERM)
        #expect(try await up.ending() == 0, "\(up.log)")
    }

    @Test("what is stopped in its tracks is ended and started again")
    func hangs() async throws {
        let up = try Up()
        try await up.isServing()
        let gateway = try up.child("gateway")
        kill(gateway, SIGSTOP)
        try await ServingController.wait {
            (try? up.child("gateway")).map { $0 != gateway } == true
        }
        #expect(up.log.contains("gateway is ended because it hangs: no answer"), "\(up.log)")
        try await up.isServing()
    }

    @Test("the service manager hears that it is ready, reloads, lives and stops")
    func notices() async throws {
        let scratch = try Scratch()
        let receiver = try NoticeReceiver(scratch)
        let up = try Up(environment: "NOTIFY_SOCKET=\(receiver.path) WATCHDOG_USEC=500000")
        var heard: [String] = []
        try await ServingController.wait {
            heard += receiver.take()
            return heard.contains("READY=1") && heard.contains("WATCHDOG=1")
        }
        #expect(heard.contains("READY=1"), "\(heard) \(up.log)")
        #expect(heard.contains("WATCHDOG=1"))
        kill(up.process.identifier, SIGHUP)
        try await ServingController.wait {
            heard += receiver.take()
            return heard.contains { $0.hasPrefix("RELOADING=1") }
        }
        kill(up.process.identifier, SIGTERM)
        #expect(try await up.ending() == 0)
        heard += receiver.take()
        #expect(heard.contains("STOPPING=1"), "\(heard)")
        #expect(heard.count { $0.hasPrefix("STOPPING") } == 1, "nobody else speaks in its name")
    }

    @Test("the controller and the gateway alone speak to the service manager too")
    func alone() async throws {
        let scratch = try Scratch()
        try scratch.makeRepository()
        let port = try LoopbackListener().port
        for words in [
            "controller --repo repo --ref main --state state",
            "gateway --state state --listen 127.0.0.1:\(port)",
        ] {
            let receiver = try NoticeReceiver(scratch)
            let process = try BackgroundProcess([
                "/bin/sh", "-c",
                """
                cd "$1" && exec env NOTIFY_SOCKET=\(receiver.path) WATCHDOG_USEC=500000 \
                    "$2" \(words) >>alone.log 2>&1
                """, "sh", scratch.root, SteadProcess.path,
            ])
            var heard: [String] = []
            try await ServingController.wait {
                heard += receiver.take()
                return heard.contains("READY=1") && heard.contains("WATCHDOG=1")
            }
            #expect(heard.contains("WATCHDOG=1"), "\(heard)")
            kill(process.identifier, SIGHUP)
            try await ServingController.wait {
                heard += receiver.take()
                return heard.contains { $0.hasPrefix("RELOADING=1") }
            }
            #expect(heard.contains { $0.hasPrefix("RELOADING=1") })
            kill(process.identifier, SIGTERM)
            try await ServingController.wait {
                heard += receiver.take()
                return heard.contains("STOPPING=1")
            }
            #expect(heard.contains("STOPPING=1"), "\(heard)")
        }
    }

    @Test("after SIGHUP the access log goes on in a new file of its name")
    func accessLog() async throws {
        let scratch = try Scratch()
        try scratch.makeRepository()
        _ = try SteadProcess(folder: scratch.root).run("apply", "--repo", "repo", "--yes")
        let port = try LoopbackListener().port
        let process = try BackgroundProcess([
            "/bin/sh", "-c",
            """
            cd "$1" && exec "$2" gateway --state state --listen 127.0.0.1:\(port) \
                --access-log access.log 2>gateway.log
            """, "sh", scratch.root, SteadProcess.path,
        ])
        func ask() { _ = try? Tool.run("/usr/bin/curl", ["-s", "http://127.0.0.1:\(port)/none"]) }
        try await ServingController.wait {
            ask()
            return (try? scratch.read("access.log"))?.contains("/none") == true
        }
        try scratch.shell("mv access.log access.log.1")
        kill(process.identifier, SIGHUP)
        try await ServingController.wait {
            ask()
            return (try? scratch.read("access.log"))?.contains("/none") == true
        }
        #expect(try scratch.read("access.log").contains("/none"))
        #expect(try scratch.read("gateway.log").contains("everything was read anew"))
    }
}

/// A `stead up` that runs beside a test.
private final class Up: Sendable {
    let scratch: Scratch
    let process: BackgroundProcess
    let gatewayPort: Int

    init(gatewayPort: Int? = nil, environment: String = "") throws {
        scratch = try Scratch()
        try scratch.makeRepository()
        self.gatewayPort = try gatewayPort ?? LoopbackListener().port
        process = try BackgroundProcess([
            "/bin/sh", "-c",
            """
            cd "$1" && exec env \(environment) "$2" up --repo repo --ref main --state state \
                --gateway-listen "127.0.0.1:$3" --health-interval 1s --drain-timeout 20s \
                >up.log 2>&1
            """, "sh", scratch.root, SteadProcess.path, "\(self.gatewayPort)",
        ])
    }

    deinit {
        process.end()
    }

    var log: String { (try? scratch.read("up.log")) ?? "" }

    /// The process that was last started under a name.
    func child(_ name: String) throws -> pid_t {
        let words = "\(name) started as process "
        let line = try #require(log.split(separator: "\n").last { $0.contains(words) }, "\(log)")
        return try #require(pid_t(line.split(separator: " ").last ?? ""))
    }

    /// Waits until the commit is applied and the gateway answers.
    func isServing() async throws {
        try await ServingController.wait {
            let answer = try Tool.run(
                "/usr/bin/curl",
                ["-s", "-m", "2", "http://127.0.0.1:\(gatewayPort)/readyz"]
            ).status
            return answer == 0 && log.contains("event=applied")
                && log.contains("controller is ready")
        }
        #expect(log.contains("event=applied"), "\(log)")
    }

    /// Waits for its end: the exit status, or 128 and the signal's number.
    func ending() async throws -> Int32? {
        var status: Int32 = 0
        var isOver = false
        try await ServingController.wait {
            isOver = isOver || waitpid(process.identifier, &status, WNOHANG) != 0
            return isOver
        }
        guard isOver else { return nil }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    /// Whether a process runs: one that nobody has waited for does not.
    static func lives(_ process: pid_t) -> Bool {
        guard
            let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let state = text.split(separator: ")").last?.split(separator: " ").first
        else { return false }
        return state != "Z" && state != "X"
    }
}
