import FoundationEssentials
import SQL
import Storage
import Testing

/// docs/audit.md says how to check the log without Stead; these run what it says.
@Suite("the page on the audit log")
struct AuditPageTests {
    let folder: TemporaryFolder
    let store: StateStore

    init() throws {
        folder = try TemporaryFolder()
        store = try Fixtures.store(in: folder)
    }

    @Test("the Python verifier agrees", .enabled(if: isInstalled("python3")))
    func python() async throws {
        try await writeLog()
        try Data(try block("python").utf8).write(to: URL(filePath: folder.path + "/verify.py"))
        let command = "python3 verify.py state/stead.db"
        let head = try #require(try await store.auditEntries().last).hash
        #expect(try run(command) == "4 entries, head \(head)\n")
        let database = try SQLiteDatabase(.file(folder.path + "/state/stead.db"))
        try database.script(
            "DROP TRIGGER audit_is_not_updated; UPDATE audit SET detail = '[]' WHERE sequence = 3")
        #expect(try run(command) == "entry 3 is not what was written\n")
        try database.script(
            "DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE sequence > 2")
        #expect(try run(command) == "entries after 2 are missing\n")
    }

    @Test("the Python verifier joins what was cut", .enabled(if: isInstalled("python3")))
    func pythonCut() async throws {
        try await writeLog()
        try Data(try block("python").utf8).write(to: URL(filePath: folder.path + "/verify.py"))
        let cut = try #require(try await store.auditCut(before: 3))
        let lines = try await store.auditEntries().prefix(2).map { $0.jsonLine + "\n" }.joined()
        try Data(lines.utf8).write(to: URL(filePath: folder.path + "/cut.jsonl"))
        try await store.cutAudit(cut, by: "ada")
        let head = try #require(try await store.auditEntries().last).hash
        #expect(try run("python3 verify.py state/stead.db") == "5 entries, head \(head)\n")
        let joined = "python3 verify.py state/stead.db cut.jsonl"
        #expect(try run(joined) == "5 entries, head \(head)\n")
        let other = lines.replacing("run.started", with: "run.stopped")
        try Data(other.utf8).write(to: URL(filePath: folder.path + "/cut.jsonl"))
        #expect(try run(joined) == "entry 1 is not what was written\n")
    }

    @Test(
        "an entry is checked with sqlite3 and sha256sum",
        .enabled(if: isInstalled("sqlite3") && isInstalled("sha256sum")))
    func shell() async throws {
        try await writeLog()
        for number in 1...4 {
            let script = try block("sh").replacing("sequence = 1", with: "sequence = \(number)")
            let hash = try await store.auditEntries()[number - 1].hash
            #expect(try run("cd state; " + script) == "\(hash)  -\n\(hash)\n")
        }
    }

    /// Entries with and without a run, with text of all sorts.
    private func writeLog() async throws {
        let odd = AuditEvent(
            actor: "Zoë 🜁", action: "run.started", subject: "a,b:\n'\"1",
            detail: Array(#"{"list":[1,"é\n"]}"#.utf8))
        _ = try await store.begin(Fixtures.start, steps: [], audit: [odd, Fixtures.event(1)])
        try await store.append([odd, Fixtures.event(2)])
    }

    /// The page's first block of a language.
    private func block(_ language: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(
            decoding: Data(contentsOf: root.appending(path: "docs/audit.md")), as: UTF8.self)
        let rest = try #require(page.split(separator: "```\(language)\n").dropFirst().first)
        return String(try #require(rest.split(separator: "```\n").first))
    }

    /// What a shell command prints in the test's folder.
    private func run(_ command: String) throws -> String {
        let output = folder.path + "/output"
        #expect(Shell.run("cd '\(folder.path)'; { \(command)\n} > output 2>&1") != nil)
        return String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self)
    }
}

private func isInstalled(_ program: String) -> Bool {
    Shell.run("command -v \(program) > /dev/null") == 0
}
