internal import Resources
internal import SQL

/// Finds what happened to a chain that does not hold together.
///
/// Walks back from the remembered head: an entry that matches its hash vouches for the hash of the
/// one before it. Whatever the walk does not come across was put in by somebody else.
struct AuditDiagnosis {
    /// What the walk knows of the hash of the entry it is about to look at.
    private enum Expected {
        /// Vouched for by the entry after it, or by the head.
        case hash(String)
        /// Said by an entry that can't be trusted.
        case hint(String)
        case nothing
    }

    /// A row, held against the number it should have and the one it has.
    private struct Candidate {
        let position: Int
        let hash: String
        let previous: String
        let isValidAsExpected: Bool
        let isValidAsNumbered: Bool
    }

    private let database: SQLiteDatabase
    private var findings = AuditFindings()
    /// Where the rows are that the walk has come across.
    private var seen = RangeSet<Int>()
    private var expected = Expected.nothing
    /// How far from its number the last entry stood.
    private var shift = 0
    private var headCount = 0
    /// The number of the last entry that was cut off, with a record of it.
    private let floor: Int

    private init(_ database: SQLiteDatabase, floor: Int) {
        self.database = database
        self.floor = floor
    }

    /// Every finding, in order; never none.
    static func findings(
        in database: SQLiteDatabase, since cut: AuditCut?
    ) throws(SQLError) -> [AuditFinding] {
        let floor = cut?.last ?? 0
        var diagnosis = AuditDiagnosis(database, floor: floor)
        var number = try diagnosis.start()
        while number > floor { number = try diagnosis.step(number) }
        let start = cut?.hash.hexadecimal ?? AuditChain.start
        if case .hash(let hash) = diagnosis.expected, hash != start {
            diagnosis.findings.add(.rewritten(floor + 1))
        }
        try diagnosis.findInserted()
        let findings = diagnosis.findings.merged()
        return findings.isEmpty ? [.unexplained] : findings
    }

    /// Looks at the head, and returns the number of the last entry.
    private mutating func start() throws(SQLError) -> Int {
        guard let head = try AuditChain.head(in: database) else {
            findings.add(.headMissing)
            headCount = .max
            return try last(before: .max) ?? 0
        }
        headCount = head.count
        expected = .hash(head.hash)
        if let row = try row(hash: head.hash, expecting: head.count), row.isValidAsNumbered,
            !row.isValidAsExpected
        {
            findings.add(.headCount(remembered: head.count, actual: row.position))
            return row.position
        }
        return head.count
    }

    /// Accounts for the entry of one number, and returns the next number to look for.
    private mutating func step(_ number: Int) throws(SQLError) -> Int {
        if let row = try expectedRow(number) {
            accept(row, as: number)
            return number - 1
        }
        for position in Set([number &+ shift, number]) where !seen.contains(Self.place(position)) {
            guard let row = try row(at: position, expecting: number) else { continue }
            // Another entry that has been moved here.
            if row.isValidAsNumbered, position != number { continue }
            if row.isValidAsExpected, case .hash = expected {
                findings.add(.rewritten(number))
                see(row, as: number)
                expected = .hint(row.previous)
            } else {
                accept(row, as: number)
            }
            return number - 1
        }
        expected = .nothing
        // In one go where nothing is shifted: a head may claim any number of entries.
        let next = shift == 0 ? try last(before: number) ?? 0 : number - 1
        let gone = max(next, floor) + 1...number
        findings.add(number == headCount ? .truncated(gone) : .removed(gone))
        if number == headCount { headCount = next }
        return next
    }

    /// The row that bears the hash expected of an entry, wherever it stands.
    private func expectedRow(_ number: Int) throws(SQLError) -> Candidate? {
        switch expected {
        case .nothing: return nil
        case .hash(let hash):
            let row = try row(hash: hash, expecting: number)
            return row.flatMap { seen.contains(Self.place($0.position)) ? nil : $0 }
        case .hint(let hash):
            let row = try row(hash: hash, expecting: number)
            return row.flatMap {
                !$0.isValidAsExpected || seen.contains(Self.place($0.position)) ? nil : $0
            }
        }
    }

    private mutating func accept(_ row: Candidate, as number: Int) {
        see(row, as: number)
        if row.isValidAsExpected {
            expected = .hash(row.previous)
        } else {
            findings.add(.changed(number...number))
            expected = .hint(row.previous)
        }
    }

    private mutating func see(_ row: Candidate, as number: Int) {
        let place = Self.place(row.position)
        seen.insert(contentsOf: place..<place + 1)
        // A row may be given any number there is, so the arithmetic wraps rather than traps.
        shift = row.position &- number
        if shift != 0 { findings.add(.moved(number...number, by: shift)) }
    }

    /// The position in `seen`, which can't hold the highest number there is.
    private static func place(_ position: Int) -> Int { min(position, .max - 1) }

    private mutating func findInserted() throws(SQLError) {
        let seen = seen
        var strangers: [Int] = []
        try database.query("SELECT sequence FROM audit ORDER BY sequence", []) {
            row throws(SQLError) in
            let position = try row.requiredInteger(0)
            if !seen.contains(Self.place(position)) { strangers.append(position) }
        }
        for position in strangers { findings.add(.inserted(position...position)) }
    }

    private func last(before number: Int) throws(SQLError) -> Int? {
        try database.first(
            "SELECT max(sequence) FROM audit WHERE sequence < ?", [.integer(number)]
        ) { $0.integer(0) } ?? nil
    }

    private func row(at position: Int, expecting number: Int) throws(SQLError) -> Candidate? {
        try database.first(
            "SELECT \(AuditChain.columns) FROM audit WHERE sequence = ?", [.integer(position)]
        ) { row throws(SQLError) in try Self.candidate(row, number) }
    }

    /// Of several rows with one hash, which only a tampered table has, the one in its place.
    private func row(hash: String, expecting number: Int) throws(SQLError) -> Candidate? {
        try database.first(
            """
            SELECT \(AuditChain.columns) FROM audit WHERE hash = ?
            ORDER BY sequence <> ?, sequence LIMIT 1
            """, [.text(hash), .integer(number &+ shift)]
        ) { row throws(SQLError) in try Self.candidate(row, number) }
    }

    private static func candidate(_ row: SQLiteRow, _ number: Int) throws(SQLError) -> Candidate {
        let position = try row.requiredInteger(0)
        let hash = try row.requiredText(8)
        let asExpected = AuditSerialisation(of: row, as: number).digest.hexadecimal == hash
        return Candidate(
            position: position, hash: hash, previous: try row.requiredText(7),
            isValidAsExpected: asExpected,
            isValidAsNumbered: position == number
                ? asExpected : AuditSerialisation(of: row).digest.hexadecimal == hash)
    }
}
