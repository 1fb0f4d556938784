import Foundation
import SQL
import SQLServers
import TestSupport

/// The engines, each with a database that holds the same two empty tables.
enum Engine: CaseIterable {
    case sqlite
    case mariaDB
    case postgreSQL

    private var tables: [String] {
        let (integer, real, blob) =
            switch self {
            case .sqlite: ("INTEGER", "REAL", "BLOB")
            case .mariaDB: ("BIGINT", "DOUBLE", "LONGBLOB")
            case .postgreSQL: ("BIGINT", "DOUBLE PRECISION", "BYTEA")
            }
        let text = self == .mariaDB ? "LONGTEXT" : "TEXT"
        let suffix = self == .mariaDB ? " ENGINE=InnoDB" : ""
        return [
            "DROP TABLE IF EXISTS parts", "DROP TABLE IF EXISTS things",
            """
            CREATE TABLE things (id \(integer) PRIMARY KEY, name \(text), number \(real),
                body \(blob), edge \(integer), amount \(integer) CHECK (amount >= 0),
                short VARCHAR(10))\(suffix)
            """,
            """
            CREATE TABLE parts (thing \(integer) NOT NULL,
                FOREIGN KEY (thing) REFERENCES things (id))\(suffix)
            """,
        ]
    }

    /// Runs a check on a connection of its own.
    func run(_ check: some Check, statementLimit: Int = 256) throws {
        func limited(_ settings: ServerSettings) -> ServerSettings {
            var settings = settings
            settings.statementLimit = statementLimit
            return settings
        }
        switch self {
        case .sqlite:
            try run(check, on: SQLiteDatabase(.memory, statementLimit: statementLimit))
        case .mariaDB:
            let settings = try DatabaseServers.shared.get().mariaDB
            try run(check, on: MariaDBDatabase(limited(settings)))
        case .postgreSQL:
            let settings = try DatabaseServers.shared.get().postgreSQL
            try run(check, on: PostgreSQLDatabase(limited(settings)))
        }
    }

    private func run(_ check: some Check, on database: some Database) throws {
        for sql in tables { try database.execute(sql) }
        try check.run(database, self)
    }
}
