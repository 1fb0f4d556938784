import Resources
import SQL
import Testing

@testable import Storage

/// Each case tampers with a log of ten entries by SQL, its triggers dropped; `rehash(N)` stands
/// for computing the hash of row N anew.
@Suite("a tampered audit log")
struct AuditTamperingTests {
    /// Makes room for a row after entry 4.
    private static let gap =
        "UPDATE audit SET sequence = -sequence - 1 WHERE sequence > 4; "
        + "UPDATE audit SET sequence = -sequence WHERE sequence < 0; "
    private static let stranger =
        "INSERT INTO audit SELECT 5, at, run, 'eve', action, subject, detail, hash, 'none' "
        + "FROM audit WHERE sequence = 4; "

    @Test(
        "a changed column names its row", arguments: [1, 5, 10],
        [
            "at = '2020-01-01T00:00:00.000Z'", "run = 7", "actor = 'eve'",
            "action = 'nothing.done'",
            "subject = 'file/other'", "detail = '{}'", "previous_hash = printf('%064d', 7)",
            "hash = printf('%064d', 7)", "actor = actor || char(0)", "actor = CAST(x'ff' AS TEXT)",
        ])
    func changed(_ row: Int, change: String) async throws {
        let findings = try await findings("UPDATE audit SET \(change) WHERE sequence = \(row)")
        #expect(findings == [.changed(row...row)])
    }

    @Test("several changed rows are all named")
    func changedRows() async throws {
        let findings = try await findings(
            "UPDATE audit SET actor = 'eve' WHERE sequence IN (2, 3, 4, 8)")
        #expect(findings == [.changed(2...4), .changed(8...8)])
    }

    @Test("a changed row with a hash computed anew is named", arguments: [1, 5, 10])
    func rehashed(_ row: Int) async throws {
        let findings = try await findings(
            "UPDATE audit SET actor = 'eve' WHERE sequence = \(row); rehash(\(row))")
        #expect(findings == [.rewritten(row)])
    }

    @Test("a log rewritten from one row to the end does not lead to its head")
    func rewritten() async throws {
        let findings = try await findings(
            "UPDATE audit SET actor = 'eve' WHERE sequence = 5; "
                + (5...10).map { "rehash(\($0)); relink(\($0 + 1)); " }.joined())
        #expect(findings == [.rewritten(10)])
    }

    @Test("removed rows are named", arguments: [1...1, 5...5, 3...7, 1...4, 2...9])
    func removed(_ rows: ClosedRange<Int>) async throws {
        let findings = try await findings(
            "DELETE FROM audit WHERE sequence BETWEEN \(rows.lowerBound) AND \(rows.upperBound)")
        #expect(findings == [.removed(rows)])
    }

    @Test("rows removed from the end are named", arguments: [10...10, 8...10, 1...10])
    func truncated(_ rows: ClosedRange<Int>) async throws {
        let findings = try await findings(
            "DELETE FROM audit WHERE sequence >= \(rows.lowerBound)")
        #expect(findings == [.truncated(rows)])
    }

    @Test("a gap that was closed by numbering anew is named")
    func renumbered() async throws {
        let findings = try await findings(
            "DELETE FROM audit WHERE sequence = 5; UPDATE audit SET sequence = sequence - 1 "
                + "WHERE sequence > 5")
        #expect(findings == [.removed(5...5), .moved(6...10, by: -1)])
    }

    @Test("a row inserted in the middle is named", arguments: ["", "rehash(5)"])
    func inserted(_ rehash: String) async throws {
        let findings = try await findings(Self.gap + Self.stranger + rehash)
        #expect(findings == [.inserted(5...5), .moved(5...10, by: 1)])
    }

    @Test("an inserted row that the next is made to follow is named, and so is that")
    func insertedAndLinked() async throws {
        let findings = try await findings(
            Self.gap + Self.stranger + "rehash(5); relink(6)")
        #expect(findings == [.changed(5...5), .inserted(5...5), .moved(5...10, by: 1)])
    }

    @Test(
        "rows inserted at the ends are named",
        arguments: [0, -3, .min, 11, 12, .max] as [Int])
    func insertedAtEnd(_ row: Int) async throws {
        let findings = try await findings(
            "INSERT INTO audit SELECT \(row), at, run, 'eve', action, subject, detail, "
                + "previous_hash, 'none' FROM audit WHERE sequence = 1; rehash(\(row))")
        // A range can't end after the highest number there is.
        let named = min(row, .max - 1)
        #expect(findings == [.inserted(named...named)])
    }

    @Test("swapped rows are both named", arguments: [(3, 7), (4, 5), (1, 10)])
    func swapped(_ one: Int, _ other: Int) async throws {
        let findings = try await findings(
            "UPDATE audit SET sequence = -1 WHERE sequence = \(one); "
                + "UPDATE audit SET sequence = \(one) WHERE sequence = \(other); "
                + "UPDATE audit SET sequence = \(other) WHERE sequence = -1")
        #expect(
            findings == [
                .moved(one...one, by: other - one), .moved(other...other, by: one - other),
            ])
    }

    @Test("swapped contents are both named")
    func swappedContents() async throws {
        let findings = try await findings(
            "UPDATE audit SET subject = 'file/number-7' WHERE sequence = 3; "
                + "UPDATE audit SET subject = 'file/number-3' WHERE sequence = 7")
        #expect(findings == [.changed(3...3), .changed(7...7)])
    }

    @Test("a row given the highest number is named", arguments: [.max, .min] as [Int])
    func movedFar(_ row: Int) async throws {
        let findings = try await findings(
            "UPDATE audit SET sequence = \(row) WHERE sequence = 5")
        #expect(findings == [.moved(5...5, by: row &- 5)])
    }

    @Test("several ways at once are all named")
    func mixed() async throws {
        let findings = try await findings(
            "DELETE FROM audit WHERE sequence IN (1, 2, 10); "
                + "UPDATE audit SET detail = '{}' WHERE sequence = 6")
        #expect(findings == [.removed(1...2), .changed(6...6), .truncated(10...10)])
    }

    @Test(
        "a tampered head is named",
        arguments: [
            ("DELETE FROM audit_head", [.headMissing]),
            ("UPDATE audit_head SET count = 12", [.headCount(remembered: 12, actual: 10)]),
            (
                "UPDATE audit_head SET count = 9223372036854775807",
                [.headCount(remembered: .max, actual: 10)]
            ),
            ("UPDATE audit_head SET hash = printf('%064d', 7)", [.rewritten(10)]),
            (
                "UPDATE audit_head SET (count, hash) = "
                    + "(SELECT sequence, hash FROM audit WHERE sequence = 7)",
                [.inserted(8...10)]
            ),
            ("UPDATE audit_head SET count = -1, hash = ''", [.rewritten(1), .inserted(1...10)]),
            ("DELETE FROM audit_head; DELETE FROM audit", [.headMissing]),
        ] as [(String, [AuditFinding])])
    func head(_ sql: String, expected: [AuditFinding]) async throws {
        #expect(Set(try await findings(sql)) == Set(expected))
    }

    @Test("a first row that follows from another beginning is named")
    func otherBeginning() async throws {
        let findings = try await findings(
            "UPDATE audit SET previous_hash = printf('%064d', 7) WHERE sequence = 1; "
                + (1...10).map { "rehash(\($0)); relink(\($0 + 1)); " }.joined()
                + "UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE sequence = 10)")
        #expect(findings == [.rewritten(1)])
    }

    @Test("findings read as sentences")
    func sentences() {
        #expect(
            [
                .changed(3...3), .removed(3...5), .inserted(6...6), .moved(5...10, by: 1),
                .truncated(9...10), .headCount(remembered: 12, actual: 10),
            ].map(\AuditFinding.description) == [
                "entry 3 changed: the hash does not match", "entries 3 to 5 removed",
                "entry 6 inserted: no part of the chain",
                "entries 5 to 10 moved: now numbered 6 to 11",
                "entries 9 to 10 removed from the end",
                "12 entries are remembered, and the last one is entry 10",
            ])
    }

    /// Tampers with a fresh log by a script of statements, and verifies it.
    private func findings(_ script: String) async throws -> [AuditFinding] {
        let folder = try TemporaryFolder()
        try await Fixtures.store(in: folder).append((1...10).map(Fixtures.event))
        try tamper(folder.path + "/state/stead.db", script)
        switch try await Fixtures.store(in: folder, .readOnly).verifyAudit() {
        case .broken(let findings): return findings
        case .intact: return []
        }
    }

    private func tamper(_ path: String, _ script: String) throws {
        let database = try SQLiteDatabase(.file(path))
        for trigger in ["not_updated", "not_deleted", "continued"] {
            try database.script("DROP TRIGGER audit_is_\(trigger)")
        }
        for statement in script.split(separator: "; ") {
            if let row = Self.argument(of: "rehash", statement) {
                try rehash(row, in: database)
            } else if let row = Self.argument(of: "relink", statement) {
                try database.execute(
                    "UPDATE audit SET previous_hash = (SELECT hash FROM audit WHERE sequence = ?) "
                        + "WHERE sequence = ?", [.integer(row - 1), .integer(row)])
            } else {
                try database.script(String(statement))
            }
        }
    }

    private static func argument(of name: String, _ statement: Substring) -> Int? {
        guard statement.hasPrefix(name + "(") else { return nil }
        return Int(statement.dropFirst(name.count + 1).prefix { $0 != ")" })
    }

    private func rehash(_ row: Int, in database: SQLiteDatabase) throws {
        let hash = try database.first(
            "SELECT \(AuditChain.columns) FROM audit WHERE sequence = ?", [.integer(row)]
        ) { AuditSerialisation(of: $0).digest.hexadecimal }
        try database.execute(
            "UPDATE audit SET hash = ? WHERE sequence = ?",
            [SQLValue(hash), .integer(row)])
    }
}
