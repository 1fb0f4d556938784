import FoundationEssentials

/// Where an app's database is, and how to get in.
///
/// Holds no password: that comes from a file or the environment when a connection is made.
package struct DatabaseAddress: Sendable, Hashable, Codable {
    package var engine: DatabaseEngine
    /// SQLite's file; a relative path lies in `databases/` of the state folder.
    package var path: String?
    package var host: String?
    package var port: Int?
    /// The server's socket; for PostgreSQL the folder that it lies in.
    package var socket: String?
    /// The database's name on its server.
    package var name: String?
    package var user: String?
    package var passwordFile: String?
    /// The environment variable that holds the password; nil for `STEAD_DATABASE_PASSWORD`.
    package var passwordVariable: String?
    /// Whether the connection is encrypted, and the server's certificate verified.
    package var isEncrypted = false
    /// Who may have signed that certificate, in PEM; nil for the system's own.
    package var certificates: String?
    /// Whether Stead may make the file, or the database on its server.
    package var mayCreate = true

    package init(engine: DatabaseEngine) {
        self.engine = engine
    }

    /// The port that the engine's server listens on by default.
    package var usualPort: Int { engine == .mariadb ? 3306 : 5432 }
}

extension DatabaseAddress: CustomStringConvertible {
    /// As a URL, without a password.
    package var description: String {
        guard engine != .sqlite else { return "sqlite:\(path ?? "")" }
        let scheme = engine == .mariadb ? "mysql" : "postgres"
        let place = socket ?? "\(host ?? "localhost"):\(port ?? usualPort)"
        return "\(scheme)://\(user.map { $0 + "@" } ?? "")\(place)/\(name ?? "")"
    }
}

extension DatabaseAddress {
    /// Reads `sqlite:PATH`, `mysql://user@host:port/name` or `postgres://…`; nil for anything else.
    ///
    /// `?socket=PATH` and `?tls=true` are understood. A password in it is refused: it would stand
    /// in the shell's history.
    package init?(url text: String) {
        if text.hasPrefix("sqlite:") {
            self.init(engine: .sqlite)
            let path = text.dropFirst("sqlite:".count)
            self.path = String(path.hasPrefix("//") ? path.dropFirst(2) : path)
            guard self.path?.isEmpty == false else { return nil }
            return
        }
        guard let components = URLComponents(string: text), components.password == nil,
            let scheme = components.scheme?.lowercased()
        else { return nil }
        switch scheme {
        case "mysql", "mariadb": self.init(engine: .mariadb)
        case "postgres", "postgresql": self.init(engine: .postgres)
        default: return nil
        }
        host = components.host.flatMap { $0.isEmpty ? nil : $0 }
        port = components.port
        user = components.user
        name = String(components.path.drop { $0 == "/" })
        for item in components.queryItems ?? [] {
            switch item.name {
            case "socket": socket = item.value
            case "tls": isEncrypted = item.value == "true"
            default: return nil
            }
        }
        guard name?.isEmpty == false else { return nil }
    }
}
