import Foundation
import SQL
import SQLServers
import Schemas
import TestSupport
import Testing

/// A database of one test's own on a real engine, gone with it.
final class Subject {
    let engine: DatabaseEngine
    private(set) var database: any Database
    private let connect: () throws -> any Database
    /// The clock of the migrations, in seconds since 1970.
    var now = 1_800_000_000
    /// The database, as an app's document has it, and its URL.
    private(set) var document = ""
    private(set) var url = ""
    private let name = "t" + UUID().uuidString.lowercased().filter { $0 != "-" }
    private let scratch: Scratch?

    init(_ engine: DatabaseEngine) throws {
        self.engine = engine
        switch engine {
        case .sqlite:
            let scratch = try Scratch()
            try scratch.write("app.db", "")
            self.scratch = scratch
            document = "{engine: sqlite, path: \(scratch.path("app.db"))}"
            url = "sqlite:" + scratch.path("app.db")
            connect = { try SQLiteDatabase(.file(scratch.path("app.db"))) }
        case .mariadb:
            scratch = nil
            var settings = try DatabaseServers.shared.get().mariaDB
            settings.statementTimeoutMilliseconds = 60_000
            try MariaDBDatabase(settings).script(
                "CREATE DATABASE \(name) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin")
            settings.database = name
            (document, url) = Self.place(settings, "mariadb", "mysql")
            connect = { [settings] in try MariaDBDatabase(settings) }
        case .postgres:
            scratch = nil
            var settings = try DatabaseServers.shared.get().postgreSQL
            settings.statementTimeoutMilliseconds = 60_000
            try PostgreSQLDatabase(settings).script("CREATE DATABASE \(name) TEMPLATE template0")
            settings.database = name
            (document, url) = Self.place(settings, "postgres", "postgres")
            connect = { [settings] in try PostgreSQLDatabase(settings) }
        }
        database = try connect()
    }

    deinit {
        switch engine {
        case .sqlite: break
        case .mariadb: try? database.script("DROP DATABASE \(name)")
        case .postgres:
            guard let settings = try? DatabaseServers.shared.get().postgreSQL else { return }
            try? PostgreSQLDatabase(settings).script("DROP DATABASE \(name) WITH (FORCE)")
        }
    }

    private static func place(
        _ settings: ServerSettings, _ engine: String, _ scheme: String
    ) -> (document: String, url: String) {
        guard case .tcp(let host, let port) = settings.endpoint else { return ("", "") }
        let name = settings.database
        return (
            "{engine: \(engine), host: \(host), port: \(port), name: \(name), user: stead}",
            "\(scheme)://\(settings.user)@\(host):\(port)/\(name)"
        )
    }

    // MARK: - Looking

    func observed() throws -> ObservedSchema { try read(database) }

    private func read(_ database: some Database) throws -> ObservedSchema {
        try Introspection.read(database, engine)
    }

    func difference(to schema: Schema, keptSince: Int? = nil) throws -> SchemaDifference {
        SchemaComparison.compare(
            schema, with: try observed(), on: engine, keptSince: keptSince ?? now - 7 * 86_400)
    }

    func sighting(of schema: Schema) throws -> SchemaSighting { try look(database, schema) }

    private func look(_ database: some Database, _ schema: Schema) throws -> SchemaSighting {
        try SchemaSurvey.look(at: database, engine, for: schema, now: now)
    }

    func obstacles(to schema: Schema) throws -> [String] { try sighting(of: schema).obstacles }

    func refusals(of schema: Schema) throws -> [String] { try difference(to: schema).refusals }

    /// Two looks in a row find nothing to do.
    func expectConverged(
        _ schema: Schema, _ words: String = "", at place: SourceLocation = #_sourceLocation
    ) throws {
        for look in 1...2 {
            let difference = try difference(to: schema)
            let isConverged = difference.isEmpty
            #expect(
                isConverged, "\(engine), look \(look), \(words): \(Self.text(difference))",
                sourceLocation: place)
            if !isConverged { return }
        }
    }

    static func text(_ difference: SchemaDifference) -> String {
        var lines = difference.refusals
        for table in difference.tables where !table.isEmpty {
            lines.append("\(table.desired.name): \(table.observed == nil ? "new" : "changed")")
            lines += table.changed.map {
                "  \($0.new.name): \(Self.text($0.old)) to \(Self.text($0.new))"
            }
            lines += table.added.map { "  + \($0)" } + table.removed.map { "  - \($0)" }
            lines += table.addedIndexes.map { "  + \($0)" }
            lines += table.droppedIndexes.map { "  - \($0)" }
            lines += table.addedForeignKeys.map { "  + \($0)" }
            lines += table.droppedForeignKeys.map { "  - foreign key \($0)" }
            lines += table.addedChecks.map { "  + \($0)" }
            lines += table.droppedChecks.map { "  - \($0)" }
        }
        lines += difference.removed.map { "- \($0.table.name)" }
        lines += difference.expired.map { "expired \($0)" }
        return lines.joined(separator: "\n")
    }

    private static func text(_ column: Column) -> String {
        let value = String(describing: column.defaultValue)
        return "\(column.type) required \(column.isRequired) default \(value)"
    }

    // MARK: - Changing

    func groups(to schema: Schema) throws -> [MigrationGroup] {
        let observed = try observed()
        let difference = SchemaComparison.compare(
            schema, with: observed, on: engine, keptSince: now - 7 * 86_400)
        return MigrationBuilder.migration(
            for: difference, to: schema, from: observed, on: engine, now: now
        ).groups(on: engine)
    }

    func run(_ groups: [MigrationGroup]) throws {
        // Each on a connection of its own, as the engine of changes does it.
        for group in groups {
            try run(group, database)
            database = try connect()
        }
    }

    private func run(_ group: MigrationGroup, _ database: some Database) throws {
        do {
            try group.run(on: database, engine)
        } catch {
            throw Refused(message: "\(error.message)\n\(group.statements.joined(separator: ";\n"))")
        }
    }

    struct Refused: Error { var message: String }

    /// Brings a schema about, and looks again.
    func migrate(
        to schema: Schema, _ words: String = "", at place: SourceLocation = #_sourceLocation
    ) throws {
        let obstacles = try obstacles(to: schema)
        #expect(obstacles.isEmpty, "\(words)", sourceLocation: place)
        try run(try groups(to: schema))
        try expectConverged(schema, words, at: place)
    }

    func script(_ sql: String) throws { try database.script(sql) }

    /// Each row of a query as one text.
    func rows(_ sql: String) throws -> [String] { try rows(sql, database) }

    private func rows(_ sql: String, _ database: some Database) throws -> [String] {
        try database.all(sql) { row in
            (0..<row.columnCount).map { row.text($0) ?? "null" }.joined(separator: "|")
        }
    }

    /// A name as the engine quotes it.
    func quoted(_ name: String) -> String { Dialect(engine).quoted(name) }
}
