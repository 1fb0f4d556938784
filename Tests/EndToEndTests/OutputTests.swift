import Foundation
import TestSupport
import Testing

/// What commands print: JSON in one form, and text that says how to see the rest.
@Suite struct OutputTests {
    @Test("every command's JSON is one line, and its times are ISO 8601 in UTC")
    func json() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "one\n")
        let time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/
        for command in [
            ["validate", "--repo", "repo"], ["plan", "--repo", "repo"],
            ["apply", "--repo", "repo", "--yes"], ["status"], ["history"], ["history", "1"],
            ["audit", "list"], ["audit", "verify"],
        ] {
            let result = try tree.stead.run(command + ["--format", "json"])
            #expect(result.status == 0, "\(command): \(result.everything)")
            let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 2 && lines[1].isEmpty, "\(command): \(result.output)")
            let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
            for (key, found) in Self.members(of: value)
            where key.hasSuffix("At") || key == "at" {
                let text = found as? String ?? ""
                #expect((try? time.wholeMatch(in: text)) != nil, "\(command) \(key): \(found)")
            }
        }
    }

    /// All members of all objects in a value.
    private static func members(of value: Any) -> [(String, Any)] {
        if let list = value as? [Any] { return list.flatMap(members) }
        guard let object = value as? [String: Any] else { return [] }
        return object.map { ($0.key, $0.value) } + object.values.flatMap(members)
    }

    @Test("a long file is cut in a plan, which names the flag that shows it whole")
    func cut() throws {
        let tree = try LocalTree()
        let lines = (1...60).map { "line \($0)\n" }.joined()
        try tree.file("long", content: lines)
        let short = try tree.plan().output
        #expect(short.contains("20 more lines: `--full` shows all"), "\(short)")
        #expect(!short.contains("line 41"))
        let full = try tree.plan("--full").output
        #expect(full.contains("line 60") && !full.contains("more lines"), "\(full)")
    }

    @Test(
        "a usage error shows the usage of the command that was meant",
        arguments: [
            ["gateway", "--nope"], ["gateway", "--idle-timeout", "0"],
            ["gateway", "--listen", "nowhere"], ["plan", "--nope"], ["app", "rotate-key"],
            ["audit", "export", "--format", "xml"], ["explain", "Nonsense"],
        ])
    func usage(_ arguments: [String]) throws {
        let tree = try LocalTree()
        let result = try tree.stead.run(arguments)
        #expect(result.status == 64, "\(result.everything)")
        let words = arguments.prefix { !$0.hasPrefix("-") && $0 != "Nonsense" }
        #expect(
            result.errors.contains("Usage: stead \(words.joined(separator: " "))"),
            "\(result.everything)")
    }

    @Test(
        "a command that there is none of is a usage error that names the one that was meant",
        arguments: [
            (["pln"], "did you mean `plan`?"), (["help", "pln"], "did you mean `plan`?"),
            (["server", "tset"], "did you mean `test`?"),
            (["help", "schema", "xyzzy"], "`stead schema --help` lists them"),
        ])
    func unknownCommand(_ arguments: [String], _ hint: String) throws {
        let tree = try LocalTree()
        let result = try tree.stead.run(arguments)
        #expect(result.status == 64, "\(result.everything)")
        let words = arguments.drop { $0 == "help" }.joined(separator: " ")
        #expect(
            result.errors.contains("there is no command `stead \(words)`: \(hint)"),
            "\(result.everything)")
    }

    @Test("help goes by the commands that there are")
    func help() throws {
        let tree = try LocalTree()
        let known = [
            ["help"], ["help", "audit", "verify"], ["audit", "--help"], ["help", "help"],
        ]
        for arguments in known {
            #expect(try tree.stead.run(arguments).status == 0, "\(arguments)")
        }
    }

    @Test("the settings are explained as kinds are, each nested field once")
    func explain() throws {
        let tree = try LocalTree()
        let stead = tree.stead
        #expect(try stead.run("explain").output.contains("\nstead.yaml  The settings"))
        #expect(try stead.run("explain", "stead.yaml").output.contains("rollout"))
        let field = try stead.run("explain", "stead.yaml.rollout.max").output
        #expect(field.contains("example: max: 25%"), "\(field)")
        let schema = try stead.run("explain", "stead.yaml", "--format", "json-schema").output
        #expect(schema.contains("\"title\": \"Settings\""), "\(schema)")
        let health = try stead.run("explain", "NginxSite.health").output
        #expect(health.components(separatedBy: "  deadline  (").count == 2, "\(health)")
    }
}
