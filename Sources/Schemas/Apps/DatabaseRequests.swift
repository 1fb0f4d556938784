import FoundationEssentials

/// What a kind asks of a database, carried as JSON through the engine that does the asking.
package enum DatabaseQuestion: Sendable, Equatable, Codable {
    /// How the database differs from a schema.
    case schema(app: String, DatabaseAddress, Schema)
    /// What of an app is published, whether it has its keys, and what its database says of a
    /// release that is to be published.
    case app(Release)
}

/// What a database, or the state, said of an app's schema.
package struct SchemaSighting: Sendable, Equatable, Codable {
    /// Whether the database is there at all.
    package var exists: Bool
    package var observed: ObservedSchema
    /// Rows of the tables that a migration would write anew, put aside, or take columns from.
    package var rows: [RowCount]
    /// What stands against a migration, in words.
    package var obstacles: [String]
    /// When it was looked at, in seconds since 1970.
    package var at: Int

    /// How many rows a table holds.
    package struct RowCount: Sendable, Equatable, Codable {
        package var table: TableIdentity
        package var rows: Int

        package init(table: TableIdentity, rows: Int) {
            self.table = table
            self.rows = rows
        }
    }

    package init(
        exists: Bool, observed: ObservedSchema = .init(), rows: [RowCount] = [],
        obstacles: [String] = [], at: Int
    ) {
        self.exists = exists
        self.observed = observed
        self.rows = rows
        self.obstacles = obstacles
        self.at = at
    }
}

/// What is published of an app.
package struct AppSighting: Sendable, Equatable, Codable {
    /// The release, as it is kept; nil when none is.
    package var release: String?
    /// Whether the keys that its tokens are signed with are there.
    package var hasKeys: Bool
    /// What the database doesn't understand of a release that is to be published; nil where nothing
    /// can be said of it yet.
    package var complaints: [String]?

    package init(release: String?, hasKeys: Bool, complaints: [String]? = nil) {
        self.release = release
        self.hasKeys = hasKeys
        self.complaints = complaints
    }
}

/// What a kind has done in a database, or to what is published.
package enum DatabaseWork: Sendable, Equatable, Codable {
    /// Makes the file, or the database on its server.
    case create(DatabaseAddress)
    case migrate(DatabaseAddress, MigrationGroup)
    /// Makes the keys that an app's tokens are signed with.
    case makeKeys(AppDefinition)
    /// What the gateway serves from now on.
    case publish(app: String, release: String)
    /// The gateway stops serving it.
    case withdraw(app: String)
}

/// JSON that travels through the engine.
package enum DatabaseMessage {
    /// - Throws: never, for the types of this file.
    package static func encode(_ message: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(message))
    }

    /// - Throws: `DecodingError`.
    package static func decode<Message: Decodable>(
        _ type: Message.Type, from bytes: [UInt8]
    ) throws -> Message {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
