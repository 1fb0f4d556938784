package import SQL

/// Steps of a migration that succeed together, or are begun one by one.
package struct MigrationGroup: Sendable, Equatable, Codable {
    package var title: String
    package var statements: [String]
    package var isTransaction: Bool
    /// What Stead knows of the database once it is done; nil where that is for a later group.
    package var record: SchemaRecord?
}

extension Migration {
    /// The migration as the engine can take it: SQLite at once, PostgreSQL with what must stand
    /// alone apart, MariaDB statement by statement.
    ///
    /// - Parameter engine: the database's.
    /// - Returns: the groups, in order.
    package func groups(on engine: DatabaseEngine) -> [MigrationGroup] {
        var groups: [MigrationGroup] = []
        for step in steps {
            let isTransaction = engine != .mariadb && !step.isStandalone
            if isTransaction, groups.last?.isTransaction == true {
                groups[groups.count - 1].title += "; " + step.title
                groups[groups.count - 1].statements += step.statements
            } else {
                groups.append(
                    MigrationGroup(
                        title: step.title, statements: step.statements,
                        isTransaction: isTransaction))
            }
        }
        guard !groups.isEmpty else { return [] }
        // What is done is known before it happens: nothing is left that nobody remembers.
        if groups.count > 1 || !groups[0].isTransaction {
            groups.insert(
                MigrationGroup(title: "begin", statements: [], isTransaction: true, record: intent),
                at: 0)
        }
        groups[groups.count - 1].record = record
        return groups
    }
}

extension MigrationGroup {
    /// Carries it out.
    ///
    /// - Throws: what the database refused; a group that is a transaction has then done nothing.
    package func run<D: Database>(on database: D, _ engine: DatabaseEngine) throws(SQLError) {
        guard isTransaction else {
            for statement in statements { try database.script(statement) }
            try keepRecord(in: database, engine)
            return
        }
        // SQLite acts on references while tables are swapped, unless told otherwise beforehand.
        if engine == .sqlite { try database.script("PRAGMA foreign_keys = OFF") }
        defer { if engine == .sqlite { try? database.script("PRAGMA foreign_keys = ON") } }
        try database.transaction(.durable) { () throws(SQLError) in
            let broken = engine == .sqlite ? try? Self.brokenReferences(database) : nil
            for statement in statements { try database.script(statement) }
            if let broken { try Self.checkReferences(database, besides: broken) }
            try keepRecord(in: database, engine)
        }
    }

    private func keepRecord<D: Database>(in database: D, _ engine: DatabaseEngine)
        throws(SQLError)
    {
        guard let record else { return }
        try RecordStorage(Dialect(engine)).write(record, to: database)
    }

    /// How many rows of which table refer to no row of which other.
    ///
    /// It fails where a reference leads to what is neither key nor unique.
    private static func brokenReferences<D: Database>(_ database: D) throws(SQLError)
        -> [[String]: Int]
    {
        let pairs = try database.all("PRAGMA foreign_key_check") { row in
            [row.text(0) ?? "?", row.text(2) ?? "?"]
        }
        return Dictionary(pairs.map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// What was broken before is not for a migration to mend.
    private static func checkReferences<D: Database>(
        _ database: D, besides known: [[String]: Int]
    ) throws(SQLError) {
        for (pair, count) in try brokenReferences(database) where count > known[pair] ?? 0 {
            throw SQLError(.foreignKey, "\(count) rows of \(pair[0]) refer to no row of \(pair[1])")
        }
    }
}
