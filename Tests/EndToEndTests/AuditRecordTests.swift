import Foundation
import TestSupport
import Testing

/// The audit log holds the whole line of a run: what was asked for, each command, each result.
@Suite struct AuditRecordTests {
    private struct Entry: Decodable {
        var action: String
        var subject: String
        var detail: Detail
    }

    private struct Detail: Decodable {
        var text: String?
        var steps: [Step]?
        var plan: String?
    }

    private struct Step: Decodable {
        var step: String
        var command: String
        var arguments: String?
        var inputBytes: Int?
        var result: String?
        var message: String?
    }

    private func entries(_ tree: LocalTree) throws -> [Entry] {
        let output = try tree.stead.run("audit", "export").output
        return try output.split(separator: "\n").map {
            try JSONDecoder().decode(Entry.self, from: Data($0.utf8))
        }
    }

    @Test("each command with its arguments and its result, and its text once in a run")
    func commands() throws {
        let tree = try LocalTree()
        try tree.file(
            "one", content: "password: hunter2\n", extra: "after: [echo, \"token=hunter3\"]")
        try tree.file("two", content: "2\n", extra: "after: [sh, -c, \"echo no luck; exit 3\"]")
        #expect(try tree.apply().status == 1)
        let entries = try entries(tree)
        let texts = entries.filter { $0.action == "run.command" }
        #expect(Set(texts.map(\.subject)).count == texts.count, "each once")
        let one = try #require(entries.first { $0.subject == "file/one" }?.detail.steps)
        #expect(one.allSatisfy { $0.result == "succeeded" }, "\(one)")
        let write = try #require(one.first)
        #expect(write.arguments?.contains(tree.target("one")) == true)
        #expect(write.inputBytes == 18)
        let text = texts.first { $0.subject == "command/\(write.command)" }
        #expect(text?.detail.text?.contains("mv") == true)

        let two = try #require(entries.first { $0.subject == "file/two" }?.detail.steps)
        let after = try #require(two.last)
        #expect(two.first?.command == write.command)
        #expect(after.result == "failed" && after.message == "no luck", "\(after)")
        #expect(after.arguments?.contains("echo no luck; exit 3") == true)

        let log = try tree.stead.run("audit", "export").output
        #expect(!log.contains("hunter"), "\(log)")
        #expect(entries.first { $0.action == "run.started" }?.detail.plan?.count == 64)
        #expect(try tree.stead.run("audit", "verify").status == 0)
    }

    @Test("a step that was not come to is skipped, and said so")
    func skipped() throws {
        let tree = try LocalTree()
        try tree.scratch.write("root/blocked", "a file where a folder must be\n")
        try tree.file("late", content: "x\n", at: "blocked/late", extra: "after: [\"true\"]")
        #expect(try tree.apply().status == 1)
        let steps = try entries(tree).first { $0.subject == "file/late" && $0.detail.steps != nil }?
            .detail.steps
        #expect(steps?.map(\.result) == ["failed", "skipped"], "\(steps ?? [])")
    }
}
