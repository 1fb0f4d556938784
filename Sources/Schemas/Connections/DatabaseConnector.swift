package import Diagnostics
import FoundationEssentials
import Glibc
package import SQL
package import SQLServers
import Secrets

/// Makes connections to the databases of apps.
package struct DatabaseConnector: Sendable {
    /// Where relative SQLite paths lie: `databases/` of the state folder.
    private let folder: String
    private let environment: [String: String]
    private let statementTimeoutMilliseconds: Int

    /// Why there is no connection.
    package enum Refusal: Error, Sendable, Equatable {
        /// The server answers, but has no such database; or there is no such file.
        case noDatabase
        case failed(Failure)
    }

    /// - Parameters:
    ///   - stateFolder: the state folder.
    ///   - environment: where passwords may stand.
    ///   - statementTimeoutMilliseconds: after this a server ends a statement.
    package init(
        stateFolder: String, environment: [String: String],
        statementTimeoutMilliseconds: Int = 600_000
    ) {
        folder = stateFolder + "/databases"
        self.environment = environment
        self.statementTimeoutMilliseconds = statementTimeoutMilliseconds
    }

    /// The file of an SQLite database.
    package func file(of address: DatabaseAddress) -> String {
        let path = address.path ?? ""
        return path.hasPrefix("/") ? path : folder + "/" + path
    }

    /// A connection of its own.
    package func connect(_ address: DatabaseAddress) throws(Refusal) -> any Database {
        if address.engine == .sqlite, access(file(of: address), F_OK) != 0 { throw .noDatabase }
        let settings =
            address.engine == .sqlite ? nil : try settings(address, database: address.name)
        do throws(SQLError) {
            guard let settings else { return try sqlite(address) }
            return address.engine == .mariadb
                ? try MariaDBDatabase(settings) : try PostgreSQLDatabase(settings)
        } catch {
            throw Self.refusal(error, address)
        }
    }

    /// A connection of its own that understands what the gateway's does.
    package func serving(_ address: DatabaseAddress) throws(Refusal) -> any Database {
        let database = try connect(address)
        do throws(SQLError) {
            try (database as? SQLiteDatabase)?.prepareForServing()
        } catch {
            throw Self.refusal(error, address)
        }
        return database
    }

    /// A connection to an SQLite file.
    package func sqlite(_ address: DatabaseAddress) throws(SQLError) -> SQLiteDatabase {
        try SQLiteDatabase(.file(file(of: address)))
    }

    /// How a server is reached and signed in to.
    ///
    /// - Throws: `Refusal.failed` when the password can't be read.
    package func settings(_ address: DatabaseAddress, database: String?) throws(Refusal)
        -> ServerSettings
    {
        let port = address.port ?? address.usualPort
        let endpoint: ServerSettings.Endpoint =
            address.socket.map { .socket(path: $0, port: port) }
            ?? .tcp(host: address.host ?? "localhost", port: port)
        return ServerSettings(
            endpoint, user: address.user ?? "stead", password: try password(of: address),
            database: database ?? "",
            encryption: address.isEncrypted ? .verified(certificates: address.certificates) : .off,
            statementTimeoutMilliseconds: statementTimeoutMilliseconds)
    }

    private func password(of address: DatabaseAddress) throws(Refusal) -> String? {
        guard let path = address.passwordFile else {
            return environment[address.passwordVariable ?? "STEAD_DATABASE_PASSWORD"]
        }
        do throws(Failure) {
            return try SecretFile(path, environment).line()
        } catch {
            var report = error.report
            report.message = "the password of \(address): \(report.message)"
            throw .failed(.stalled(report))
        }
    }

    // MARK: - Creating

    /// Makes the file, or the database on its server.
    package func create(_ address: DatabaseAddress) throws(Refusal) {
        switch address.engine {
        case .sqlite: try createFile(address)
        case .mariadb, .postgres: try createOnServer(address)
        }
    }

    private func createFile(_ address: DatabaseAddress) throws(Refusal) {
        let path = file(of: address)
        let isOurs = path.hasPrefix(folder + "/")
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        do {
            try FileManager.default.createDirectory(
                atPath: parent, withIntermediateDirectories: true,
                attributes: [
                    .posixPermissions: isOurs ? Int(SharedFolder.folderMode(in: folder)) : 0o700
                ])
        } catch {
            throw .failed(.stalled(.init("cannot make the folder \(parent): \(error)")))
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .failed(
                .stalled(.init("cannot make \(path): \(String(cString: strerror(errno)))")))
        }
        let mode = SharedFolder.fileMode(in: parent)
        if isOurs, mode != 0o600 { _ = fchmod(descriptor, mode) }
        close(descriptor)
        do throws(SQLError) {
            try sqlite(address).script("PRAGMA journal_mode = WAL")
        } catch {
            throw Self.refusal(error, address)
        }
    }

    private func createOnServer(_ address: DatabaseAddress) throws(Refusal) {
        let name = Dialect(address.engine).quoted(address.name ?? "")
        let isMariaDB = address.engine == .mariadb
        let settings = try settings(address, database: isMariaDB ? "" : "postgres")
        do throws(SQLError) {
            if isMariaDB {
                try MariaDBDatabase(settings).execute(
                    "CREATE DATABASE \(name) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin")
            } else {
                try PostgreSQLDatabase(settings).script(
                    "CREATE DATABASE \(name) ENCODING 'UTF8' TEMPLATE template0")
            }
        } catch {
            throw Self.refusal(error, address)
        }
    }

    /// What to make of an engine's words.
    private static func refusal(_ error: SQLError, _ address: DatabaseAddress) -> Refusal {
        let message = error.message
        let isUnknown =
            message.contains("Unknown database")
            || (message.contains("database \"") && message.contains("does not exist"))
        if isUnknown { return .noDatabase }
        let report = Failure.Report(
            "cannot use \(address): \(message)", fix: fix(for: message, address))
        let isPassing = [.busy, .connectionLost, .timeout, .deadlock].contains(error.reason)
        return .failed(isPassing ? .transient(report) : .stalled(report))
    }

    private static func fix(for message: String, _ address: DatabaseAddress) -> String? {
        let lower = message.lowercased()
        if lower.contains("refused") || lower.contains("can't connect") {
            return "is the server running, and listening there?"
        }
        if lower.contains("authentication failed") || lower.contains("access denied") {
            return "check the user, and the password in "
                + (address.passwordFile ?? "STEAD_DATABASE_PASSWORD")
        }
        if lower.contains("permission denied") {
            return "give the user the rights that it takes, or let somebody else make the database"
        }
        if lower.contains("not a database") { return "the file is something else: name another" }
        return nil
    }
}
