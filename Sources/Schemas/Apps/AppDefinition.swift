/// An app, without its tables: where it is served, its database, how one signs in.
package struct AppDefinition: Sendable, Equatable, Codable {
    package var name: String
    /// The domains it answers to; empty for all.
    package var hosts: [String] = []
    /// What the paths of its API begin with.
    package var basePath = "/api"
    package var database: DatabaseAddress
    /// Nil: nobody can sign in.
    package var auth: SignIn?
    /// The origins of web pages that may call it; `*` for all.
    package var origins: [String] = []
    package var limits = ServingLimits()

    package init(name: String, database: DatabaseAddress) {
        self.name = name
        self.database = database
    }
}

/// How people sign in to an app.
package struct SignIn: Sendable, Equatable, Codable {
    /// The signatures that tokens may carry.
    package enum Algorithm: String, Sendable, Codable, CaseIterable {
        case HS256, ES256, EdDSA, RS256
    }

    package var table = ""
    /// The column that says who one is.
    package var login = "email"
    /// The column that holds the password's hash.
    package var password = "password"
    /// The column that holds one's role; nil: everybody has the role `default`.
    package var role: String?
    package var algorithm = Algorithm.HS256
    package var tokenTTLSeconds = 86_400
    package var refreshTTLSeconds = 30 * 86_400
    /// Whether anybody may register.
    package var allowsRegistration = false
    /// The role of those who register; nil: what the column's default says.
    package var registeredRole: String?
    /// Queries that run at sign-in.
    package var loginData: [String] = []

    package init() {}
}

/// What one request may take.
package struct ServingLimits: Sendable, Equatable, Codable {
    package var bodyBytes = 1 << 20
    /// The most rows that one page of a list holds.
    package var pageRows = 1000
    /// The rows of a page that asks for no number.
    package var usualPageRows = 30
    package var statementTimeoutMilliseconds = 10_000

    package init() {}
}

/// What one request may take of any app.
extension ServingLimits {
    /// The furthest that a list may be paged by number.
    package static let offset = 1_000_000
    /// The most rows that one list of a request makes, or a request changes.
    package static let writtenRows = 1000
    /// The most rows in one list of another row.
    package static let nestedRows = 100
    /// The most rows that one request makes or changes, those in others counted.
    package static let allRows = 10_000
    /// The most conditions of a request.
    package static let conditions = 500
    /// The most values of one `in`.
    package static let listedValues = 500
    /// The longest pattern of a text, in characters.
    package static let patternCharacters = 1000
    /// The most fields that order a list.
    package static let orderFields = 8
    /// The most relations that come along with a row.
    package static let includedRelations = 10
    /// The shortest new password, in characters.
    package static let passwordCharacters = 8
}

extension Table {
    /// The column that says whose a row is: the first that refers to the table of people; of that
    /// table itself the key.
    package func ownerColumn(signIn: SignIn) -> Column? {
        if name == signIn.table { return primaryKey.first }
        return columns.first { $0.foreign?.table == signIn.table }
    }
}
