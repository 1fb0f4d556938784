import Foundation
import SQLServers
import TestSupport

/// The databases that an app may lie in.
enum Engine: String, CaseIterable, Sendable {
    case sqlite, mariadb, postgres
}

/// An app of a test: its schema, on one engine.
struct AppFixture {
    var name: String
    var engine = Engine.sqlite
    /// The tables of `schema.yaml`, with or without those of users.
    var tables: String
    /// More lines of `app.yaml`.
    var settings = ""
    /// Queries of the app's own, by name.
    var queries: [String: String] = [:]
    /// An SQLite file outside the state folder.
    var path: String?

    /// The table of people, where a schema declares none.
    private static let users = """
          users:
            fields:
              id: {type: int, primary: true}
              email: {type: string, max: 190, required: true, unique: true}
              password_hash: {type: string, max: 100}
              role: {type: string, max: 20}
            filter: {default: owner, admin: all}

        """

    /// Writes the app into a tree.
    func write(to scratch: Scratch, servers: DatabaseServers?) throws {
        let folder = "repo/desired/apps/\(name)"
        let auth =
            settings.contains("auth:")
            ? "" : "auth: {table: users, login: email, password: password_hash, role: role}\n"
        try scratch.write(
            "\(folder)/app.yaml",
            """
            kind: App
            hosts: [\(name).test]
            database: \(try database(scratch, servers))
            \(auth)\(settings)
            """)
        for (name, text) in queries {
            try scratch.write("\(folder)/queries/\(name).yaml", text)
        }
        let people = tables.contains("  users:\n") ? "" : Self.users
        try scratch.write("\(folder)/schema.yaml", "kind: Schema\ntables:\n\(people)\(tables)\n")
    }

    private func database(_ scratch: Scratch, _ servers: DatabaseServers?) throws -> String {
        guard engine != .sqlite else {
            return "{engine: sqlite, path: \"\(path ?? name + ".db")\"}"
        }
        let servers = try servers ?? DatabaseServers.shared.get()
        let settings = engine == .mariadb ? servers.mariaDB : servers.postgreSQL
        guard case .tcp(let host, let port) = settings.endpoint else { return "" }
        let file = try scratch.secret("password", settings.password ?? "")
        return "{engine: \(engine.rawValue), host: \(host), port: \(port), "
            + "name: \(name), user: stead, passwordFile: \(file)}"
    }
}
