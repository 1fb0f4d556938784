package import Diagnostics
package import SQL

/// Has a database compile what the gateway would ask of it for a release, and runs none of it.
package struct ReleaseCheck {
    private let release: Release
    private let dialect: Dialect

    /// A piece of an app's own SQL, in the statement that the gateway makes of it.
    private struct Piece {
        /// Where a person finds it.
        var place: String
        var sql: String
        /// What it is said to find; nil where nothing is said.
        var columns: [String]?
    }

    package init(_ release: Release) {
        self.release = release
        dialect = Dialect(release.app.database.engine)
    }

    /// What the database doesn't understand, and queries that find other columns than they declare:
    /// for each piece its place and what is wrong.
    ///
    /// - Parameter database: one that has been migrated to the release's schema.
    /// - Returns: a line for each, in the order of the documents; none when all is well.
    /// - Throws: when the database itself is away.
    package func complaints(of database: some Database) throws(SQLError) -> [String] {
        var lines: [String] = []
        for table in release.schema.tables {
            let whole = Piece(place: "tables.\(table.name) of schema.yaml", sql: select(table))
            if let line = try complaint(of: database, about: whole) {
                // Every rule of the table would say the same again.
                lines.append(line)
                continue
            }
            for piece in pieces(of: table) {
                if let line = try complaint(of: database, about: piece) { lines.append(line) }
            }
        }
        for query in release.queries {
            let piece = Piece(
                place: "sql of queries/\(query.name).yaml", sql: text(of: query),
                columns: query.columns.map(\.name))
            if let line = try complaint(of: database, about: piece) { lines.append(line) }
        }
        return lines
    }

    /// Whether all tables are there, with all their columns.
    ///
    /// - Throws: when the database itself is away.
    package func hasTables(_ database: some Database) throws(SQLError) -> Bool {
        for table in release.schema.tables {
            let piece = Piece(place: table.name, sql: select(table))
            if try complaint(of: database, about: piece) != nil { return false }
        }
        return true
    }

    private func complaint(
        of database: some Database, about piece: Piece
    ) throws(SQLError) -> String? {
        do throws(SQLError) {
            let found = try database.check(piece.sql)
            return piece.columns.flatMap { Self.mismatch(declared: $0, found: found) }
                .map { "\(piece.place): \($0)" }
        } catch {
            let passing: [SQLError.Reason] = [
                .busy, .connectionLost, .timeout, .deadlock, .cannotOpen,
            ]
            if passing.contains(error.reason) { throw error }
            let words = error.message.split(separator: "\n").map { $0.trimmed }
            return "\(piece.place): \(words.joined(separator: "; "))"
        }
    }

    /// What is wrong with the columns that a query declares; nil when nothing is.
    ///
    /// They are taken by their place. A name of its own is the query's right; but one that the
    /// statement finds elsewhere shows that two of them are confused.
    private static func mismatch(declared: [String], found: [String]) -> String? {
        func list(_ names: [String]) -> String {
            names.isEmpty ? "none" : names.map { "`\($0)`" }.joined(separator: ", ")
        }
        guard declared.count == found.count else {
            return "finds \(found.count) columns, \(list(found)), and `columns` declares "
                + "\(declared.count), \(list(declared))"
        }
        let names = found.map { $0.lowercased() }
        let isConfused = zip(declared, names).contains { declared, name in
            declared.lowercased() != name && names.contains(declared.lowercased())
        }
        return isConfused
            ? "finds \(list(found)), and `columns` declares \(list(declared)): in another order"
            : nil
    }

    /// Why a release is not published.
    package static func refusal(_ complaints: [String]) -> Failure {
        .stalled(
            .init(
                "the release does not fit its database: \(complaints[0])",
                detail: complaints.count > 1 ? complaints.joined(separator: "\n") : nil,
                fix: "correct it there; what was published before stays in force"))
    }

    /// Whether a database that serves one release has all that the other one names.
    package static func hasSameColumns(_ one: Release, _ other: Release) -> Bool {
        columns(of: one) == columns(of: other) && one.app.database == other.app.database
    }

    private static func columns(of release: Release) -> [TableIdentity: [String: ColumnType]] {
        Dictionary(
            release.schema.tables.map { table in
                let types = table.columns.map { ($0.name, $0.type) }
                return (table.identity, Dictionary(types) { first, _ in first })
            }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: - Statements

    private func pieces(of table: Table) -> [Piece] {
        var pieces: [Piece] = []
        for filter in table.rules.filters {
            guard case .expression(let text) = filter.condition else { continue }
            let operations = filter.operations?.map(\.rawValue).joined(separator: ", ")
            let whom = operations.map { "\(filter.role): \($0)" } ?? filter.role
            pieces.append(piece("filter (\(whom))", of: table, text))
        }
        for (name, text) in table.rules.namedFilters.sorted(by: { $0.key < $1.key }) {
            pieces.append(piece("filters.\(name)", of: table, text))
        }
        return pieces
    }

    private func piece(_ rule: String, of table: Table, _ text: String) -> Piece {
        Piece(
            place: "tables.\(table.name).\(rule) of schema.yaml",
            sql: "\(select(table)) WHERE (\(NamedSQL(text).sql))")
    }

    private func select(_ table: Table) -> String {
        "SELECT \(dialect.quoted(table.columns.map(\.name))) FROM \(dialect.quoted(table.identity))"
    }

    /// A query with the rows of its tables; which of them the caller may see is each table's own.
    private func text(of query: NamedQuery) -> String {
        QueryText(query.sql, dialect.engine).pieces.map { piece in
            switch piece {
            case .sql(let text): return NamedSQL(text).sql
            case .rows(let name, let hasAlias):
                guard let table = release.schema[name] else { return "" }
                return "(\(select(table)))" + (hasAlias ? "" : " AS \(dialect.quoted(name))")
            }
        }.joined()
    }
}

extension Substring {
    /// Without blanks at both ends.
    fileprivate var trimmed: Substring {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start
        return self[start..<end]
    }
}
