import Diagnostics
import Resources
import SQL
import Storage
import Testing

/// What is cut off the audit log, and what still holds afterwards.
@Suite("a cut of the audit log")
struct AuditCutTests {
    let folder: TemporaryFolder
    let store: StateStore

    init() throws {
        folder = try TemporaryFolder()
        store = try Fixtures.store(in: folder)
    }

    /// A log of six entries, cut before the fourth: 4 to 6, and the cut as 7.
    private func cutLog() async throws -> AuditCut {
        try await store.append((1...6).map(Fixtures.event))
        let cut = try #require(try await store.auditCut(before: 4))
        try await store.cutAudit(cut, by: "ada")
        return cut
    }

    private func database() throws -> SQLiteDatabase {
        try SQLiteDatabase(.file(store.folder + "/stead.db"))
    }

    @Test("the rest is proved, and what was cut joins it")
    func rest() async throws {
        try await store.append((1...6).map(Fixtures.event))
        let old = try await store.auditEntries(matching: .init(), limit: 10).prefix(3)
        let cut = try #require(try await store.auditCut(before: 4))
        #expect(cut == AuditCut(first: 1, last: 3, hash: old[2].hash))
        try await store.cutAudit(cut, by: "ada")
        let kept = try await store.auditEntries()
        #expect(kept.map(\.sequence) == [4, 5, 6, 7])
        #expect(kept.first?.previousHash == old.last?.hash)
        #expect(kept.last?.event.action == "audit.cut")
        let verdict = try await store.verifyAudit()
        #expect(verdict == .intact(count: 7, head: try #require(kept.last).hash, cut: cut))
        // It grows on, and may be cut again.
        try await store.append([Fixtures.event(8)])
        let next = try #require(try await store.auditCut(before: 6))
        #expect(next.first == 4 && next.last == 5)
        try await store.cutAudit(next, by: "ada")
        guard case .intact(count: 9, _, next) = try await store.verifyAudit() else {
            Issue.record("\(try await store.verifyAudit())")
            return
        }
        #expect(try await store.auditCut(before: 6) == nil)
    }

    @Test("more than a cut covers can't be deleted, and a deletion after it is found")
    func deleted() async throws {
        _ = try await cutLog()
        #expect(throws: SQLError.self) {
            try database().execute("DELETE FROM audit WHERE sequence = 4")
        }
        try await store.append([Fixtures.event(8)])
        #expect(throws: SQLError.self) {
            try database().execute("DELETE FROM audit WHERE sequence = 4")
        }
        try database().script(
            "DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE sequence <= 5")
        #expect(try await store.verifyAudit() == .broken([.removed(4...5)]))
    }

    @Test("a beginning that is gone without a cut, or with a forged one, is found")
    func forged() async throws {
        try await store.append((1...6).map(Fixtures.event))
        try database().script(
            "DROP TRIGGER audit_is_not_deleted; DELETE FROM audit WHERE sequence <= 3")
        #expect(try await store.verifyAudit() == .broken([.removed(1...3)]))
        let hash = String(repeating: "a", count: 64)
        try database().script(
            """
            DROP TRIGGER audit_is_not_updated;
            UPDATE audit SET action = 'audit.cut',
                detail = '{"first":1,"hash":"\(hash)","last":3}' WHERE sequence = 6
            """)
        guard case .broken = try await store.verifyAudit() else {
            Issue.record("a forged cut passes")
            return
        }
    }

    @Test("nothing is cut that has not been forwarded, nor off a log that is broken")
    func refused() async throws {
        try await store.append((1...6).map(Fixtures.event))
        try await store.keepForwarded(2, to: "receiver")
        await #expect(throws: Failure.self) { try await store.auditCut(before: 4) }
        #expect(try await store.auditCut(before: 3)?.last == 2)
        await #expect(throws: Failure.self) { try await store.auditCut(before: 99) }
        try await store.keepForwarded(0, to: nil)
        #expect(try await store.auditCut(before: 4)?.last == 3)
        try database().script(
            "DROP TRIGGER audit_is_not_updated; UPDATE audit SET actor = 'eve' WHERE sequence = 2")
        await #expect(throws: Failure.self) { try await store.auditCut(before: 4) }
    }

    @Test("a day stands for the first entry of it or later")
    func day() async throws {
        try await store.append((1...3).map(Fixtures.event))
        #expect(try await store.firstAuditEntry(since: Fixtures.now) == 1)
        #expect(try await store.firstAuditEntry(since: Fixtures.now + 1) == 4)
    }
}
