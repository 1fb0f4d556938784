import Foundation
import Glibc
import TestSupport
import Testing

/// The controller and the gateway as two users who share one state folder.
@Suite struct SeparateUsersTests {
    @Test("a gateway that may not write the state follows it, and writes rows")
    func shared() async throws {
        try #require(geteuid() == 0, "other users can only be become by root: run as root")
        let scratch = try Scratch()
        try scratch.makeRepository()
        // Files become root's, which this controller can't give away.
        try scratch.remove("repo/desired/files/note.yaml")
        try Self.declareApp(in: scratch, field: "")
        // Numbers that nobody has: 64001 for the controller, 64002 for the gateway and its group.
        try scratch.shell(
            """
            chmod 755 . && chown -R 64001:64001 repo
            install -d -m 2750 -o 64001 -g 64002 state state/keys
            install -d -m 2770 -o 64001 -g 64002 state/databases
            """)
        let (controlPort, port) = (try LoopbackListener().port, try LoopbackListener().port)
        let controller = try Self.start(
            "controller --repo repo --ref main --listen 127.0.0.1:\(controlPort)", "64001",
            groups: "--groups 64002", scratch)
        try await ServingController.wait { Self.said("controller", scratch).contains("=applied") }
        #expect(
            Self.said("controller", scratch).contains("=applied"),
            "\(Self.said("controller", scratch))")
        let gateway = try Self.start(
            "gateway --listen 127.0.0.1:\(port)", "64002", groups: "--clear-groups", scratch)
        defer { gateway.end() }
        func notes(_ more: [String] = []) -> String {
            let address = "http://127.0.0.1:\(port)/api/notes"
            return (try? Tool.run("/usr/bin/curl", ["-s", "-m", "5", address] + more).output) ?? ""
        }
        try await ServingController.wait { notes().contains("\"success\":true") }
        #expect(
            notes(["-H", "content-type: application/json", "-d", "{\"text\":\"hello\"}"])
                .contains("hello"), "\(Self.said("gateway", scratch))")

        // A second release reaches the gateway while the controller writes.
        try Self.declareApp(in: scratch, field: "done: {type: bool, default: false}")
        try scratch.shell("cd repo && git -c safe.directory='*' commit -qam Second")
        kill(controller.identifier, SIGHUP)
        try await ServingController.wait { notes().contains("\"done\":") }
        #expect(notes().contains("\"done\":"), "\(Self.said("controller", scratch))")

        // Without its writer, after a kill: the log is there, and nobody keeps its index.
        controller.end()
        kill(gateway.identifier, SIGHUP)
        try await ServingController.wait {
            Self.said("gateway", scratch).contains("everything was read anew")
        }
        let said = Self.said("gateway", scratch)
        #expect(said.contains("everything was read anew"))
        #expect(!said.contains("cannot read"), "\(said)")
        #expect(notes().contains("hello"))
        for file in ["stead.db", "stead.db-wal", "keys/notes.json", "new"] {
            let attempt = try Tool.run(
                "/usr/bin/setpriv",
                [
                    "--reuid", "64002", "--regid", "64002", "--clear-groups", "sh", "-c",
                    ": >>\"$1\"",
                    "sh", scratch.path("state/\(file)"),
                ])
            #expect(attempt.status != 0, "\(file)")
        }
    }

    private static func said(_ name: String, _ scratch: Scratch) -> String {
        (try? scratch.read("\(name).log")) ?? ""
    }

    private static func start(
        _ words: String, _ user: String, groups: String, _ scratch: Scratch
    ) throws -> BackgroundProcess {
        let name = words.prefix { $0 != " " }
        return try BackgroundProcess([
            "/bin/sh", "-c",
            """
            cd "$1" && umask 077 && HOME="$1" exec setpriv --reuid \(user) --regid \(user) \(groups) \
                "$2" \(words) --state state >\(name).log 2>&1
            """, "sh", scratch.root, SteadProcess.path,
        ])
    }

    private static func declareApp(in scratch: Scratch, field: String) throws {
        try scratch.writeNotes(to: "repo/desired", field: field)
        try scratch.shell("cd repo && git -c safe.directory='*' add -A")
        if field.isEmpty {
            try scratch.shell("cd repo && git -c safe.directory='*' commit -qm Notes")
        }
    }
}
