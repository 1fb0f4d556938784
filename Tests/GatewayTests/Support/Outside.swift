import SQL
import SQLServers
import TestSupport

/// What somebody does with an app's database past every gateway.
extension Site {
    /// Runs statements on the database of an app.
    func outside(_ engine: Engine, _ app: String, _ statements: String...) throws {
        func run(_ database: some Database) throws {
            for statement in statements { try database.execute(statement) }
        }
        guard engine != .sqlite else {
            return try run(
                SQLiteDatabase(.file(scratch.path("state/databases/\(app).db"))))
        }
        let servers = try DatabaseServers.shared.get()
        var settings = engine == .mariadb ? servers.mariaDB : servers.postgreSQL
        settings.database = app
        if engine == .mariadb {
            try run(MariaDBDatabase(settings))
        } else {
            try run(PostgreSQLDatabase(settings))
        }
    }
}
