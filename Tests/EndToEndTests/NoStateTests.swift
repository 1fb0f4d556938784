import Foundation
import TestSupport
import Testing

/// Commands that only read, where there is nothing, and results that nobody takes.
@Suite struct NoStateTests {
    @Test(
        "what reads a state says that there is none, and makes none",
        arguments: [
            ["audit", "verify"], ["audit", "list"], ["audit", "export"], ["status"], ["history"],
            ["plans"], ["suspend"],
        ])
    func none(command: [String]) throws {
        let tree = try LocalTree()
        let result = try tree.stead.run(command)
        #expect(result.status == 1, "\(command): \(result.everything)")
        #expect(
            result.errors.contains("there is no state in \(tree.scratch.path("state"))"),
            "\(result.everything)")
        #expect(result.errors.contains("--state"), "\(result.everything)")
        #expect(!tree.scratch.exists("state"))
        // A plan needs none.
        try tree.file("motd", content: "one\n")
        #expect(try tree.plan().status == 0)
    }

    @Test("a limit of nothing is refused", arguments: [["history"], ["audit", "list"]])
    func limit(command: [String]) throws {
        let tree = try LocalTree()
        for limit in ["0", "-1"] {
            let result = try tree.stead.run(command + ["--limit=\(limit)"])
            #expect(result.status == 64, "\(result.everything)")
            #expect(result.errors.contains("--limit takes a number from 1"))
        }
    }

    @Test("a run goes on to its end whose outputs are closed")
    func closed() throws {
        let tree = try LocalTree()
        for number in 1...20 { try tree.file("f\(number)", content: "one\n") }
        try tree.scratch.shell(
            """
            { STEAD_STATE=state '\(SteadProcess.path)' apply --repo repo --yes 2>&1 || code=$?
              echo "${code:-0}" >code; } | { exec <&-; while ! [ -s code ]; do sleep 0.1; done; }
            """)
        #expect(try tree.scratch.read("code") == "0\n")
        #expect(try tree.seen("f20") == "one\n")
        let history = try tree.stead.run("history")
        #expect(history.output.contains("succeeded"), "\(history.everything)")
    }

    @Test("what is watched by nobody any more ends")
    func watched() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "one\n")
        #expect(try tree.apply().status == 0)
        try tree.scratch.shell(
            "STEAD_STATE=state timeout 60 '\(SteadProcess.path)' status --watch | head -n 1 >first")
        #expect(try !tree.scratch.read("first").isEmpty)
    }

    @Test("a sealed plan of which something is refused says that not all of it was done")
    func refused() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "one\n")
        #expect(try tree.apply().status == 0)
        try tree.file("motd", content: "two\n")
        #expect(try tree.plan("--out", "plan.json").status == 0)
        try tree.scratch.write("root/motd", "by hand\n")
        let result = try tree.stead.run("apply", "plan.json", "--yes")
        #expect(result.status == 1, "\(result.everything)")
        #expect(result.output.contains("did not do all of the plan: "), "\(result.everything)")
        #expect(!result.output.contains("succeeded"), "\(result.everything)")
    }
}
