import Diagnostics
import FoundationEssentials
import Resources
import SQL
import Storage
import Testing

@Suite("the audit log")
struct AuditTests {
    let folder: TemporaryFolder
    let store: StateStore

    init() throws {
        folder = try TemporaryFolder()
        store = try Fixtures.store(in: folder)
    }

    @Test("entries are numbered and chained in the order they come")
    func chain() async throws {
        try await store.append((1...3).map(Fixtures.event))
        try await store.append([Fixtures.event(4)])
        let entries = try await store.auditEntries()
        #expect(entries.map(\.sequence) == [1, 2, 3, 4])
        #expect(entries.map(\.event) == (1...4).map(Fixtures.event))
        #expect(entries[0].at == "2026-01-31T12:00:00.250Z")
        #expect(entries[0].previousHash.hexadecimal == String(repeating: "0", count: 64))
        #expect(entries.dropFirst().map(\.previousHash) == entries.dropLast().map(\.hash))
        #expect(try await store.verifyAudit() == .intact(count: 4, head: entries[3].hash))
    }

    @Test("an entry's hash is that of the documented bytes")
    func serialisation() async throws {
        let event = AuditEvent(
            actor: "Zoë", action: "run.started", subject: "a,b:1", detail: Array(#"{"a":1}"#.utf8))
        let (run, _) = try await store.begin(Fixtures.start, steps: [], audit: [event])
        #expect(run == 1)
        let zeros = String(repeating: "0", count: 64)
        let bytes =
            "13:stead-audit-1,1:1,24:2026-01-31T12:00:00.250Z,1:1,4:Zoë,11:run.started,5:a,b:1,"
            + #"7:{"a":1},64:"# + zeros + ","
        #expect(try await store.auditEntries().first?.hash == Digest(of: bytes))
    }

    @Test("an empty log is sound")
    func empty() async throws {
        let zeros = try #require(Digest(hexadecimal: String(repeating: "0", count: 64)))
        #expect(try await store.verifyAudit() == .intact(count: 0, head: zeros))
        #expect(try await store.auditEntries().isEmpty)
    }

    @Test(
        "neither changes nor removals nor rows out of turn are let in by accident",
        arguments: [
            "UPDATE audit SET actor = 'eve'", "DELETE FROM audit WHERE sequence = 2",
            "INSERT INTO audit SELECT 9, at, run, actor, action, subject, detail, previous_hash, "
                + "'x' FROM audit WHERE sequence = 2",
            "REPLACE INTO audit SELECT sequence, at, run, 'eve', action, subject, detail, "
                + "previous_hash, hash FROM audit WHERE sequence = 2",
        ])
    func triggers(_ sql: String) async throws {
        try await store.append((1...3).map(Fixtures.event))
        let database = try SQLiteDatabase(.file(store.folder + "/stead.db"))
        let error = #expect(throws: SQLError.self) { try database.execute(sql) }
        #expect(error?.message == "the audit log is append-only")
    }

    @Test("a detail that is no JSON is refused")
    func detail() async throws {
        let event = AuditEvent(actor: "a", action: "b", subject: "c", detail: Array("{".utf8))
        await #expect(throws: Failure.self) { try await store.append([event]) }
        #expect(try await store.auditEntries().isEmpty)
    }

    @Test("the list can be narrowed down, and shows the latest entries")
    func filter() async throws {
        let (run, _) = try await store.begin(
            Fixtures.start, steps: [], audit: [Fixtures.event(1), Fixtures.event(2)])
        let other = AuditEvent(actor: "bob", action: "plan.approved", subject: "file/number-2")
        try await store.append([other, Fixtures.event(3)])
        let seconds = Fixtures.now / 1000
        let filters: [(AuditFilter, [Int])] = [
            (AuditFilter(), [1, 2, 3, 4]),
            (AuditFilter(subject: "file/number-2"), [2, 3]),
            (AuditFilter(action: "plan.approved"), [3]),
            (AuditFilter(run: run), [1, 2]),
            (AuditFilter(subject: "file/number-2", run: run), [2]),
            (AuditFilter(since: seconds), [1, 2, 3, 4]),
            (AuditFilter(since: seconds + 1), []),
        ]
        for (filter, expected) in filters {
            let listed = try await store.auditEntries(matching: filter).map(\.sequence)
            #expect(listed == expected)
            var exported: [Int] = []
            for try await entry in store.allAuditEntries(matching: filter, pageSize: 1) {
                exported.append(entry.sequence)
            }
            #expect(exported == expected)
        }
        #expect(try await store.auditEntries(limit: 2).map(\.sequence) == [3, 4])
    }

    @Test("an entry is exported as one line of JSON")
    func jsonLine() async throws {
        let event = AuditEvent(
            actor: "O\"Hara\n", action: "a", subject: "s", detail: Array(#"{"n":[1]}"#.utf8))
        try await store.append([event])
        let entry = try #require(try await store.auditEntries().first)
        #expect(
            entry.jsonLine == """
                {"sequence":1,"at":"2026-01-31T12:00:00.250Z","run":null,"actor":"O\\"Hara\\n",\
                "action":"a","subject":"s","detail":{"n":[1]},\
                "previousHash":"\(entry.previousHash)","hash":"\(entry.hash)"}
                """)
    }

    @Test(
        "times are written in UTC, with all three digits",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_769_860_800_007, "2026-01-31T12:00:00.007Z"),
            (1_709_164_799_999, "2024-02-28T23:59:59.999Z"),
        ])
    func timestamps(_ milliseconds: Int, text: String) {
        #expect(Timestamp.iso8601(milliseconds: milliseconds) == text)
    }
}
