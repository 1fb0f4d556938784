/// How to reach a database server.
package struct ServerSettings: Sendable, Equatable {
    /// How a TCP connection is kept private.
    package enum Encryption: Sendable, Equatable {
        /// Not at all: for loopback and trusted networks.
        case off
        /// TLS; the server's certificate must be valid, and be the host's. The file holds the
        /// certificates of who may have signed it, in PEM; nil stands for the system's.
        case verified(certificates: String?)
    }

    /// Where the server listens.
    package enum Endpoint: Sendable, Equatable {
        case tcp(host: String, port: Int)
        /// For PostgreSQL the folder that the socket lies in, for MariaDB the socket itself.
        case socket(path: String, port: Int)
    }

    package var endpoint: Endpoint
    package var user: String
    /// Nil where the server knows the user otherwise, as through a socket.
    package var password: String?
    package var database: String
    package var encryption: Encryption
    /// How long to wait for the server to answer at all.
    package var connectTimeoutSeconds: Int
    /// After this the server itself ends a statement; 0 for never.
    package var statementTimeoutMilliseconds: Int
    /// How many statements a connection keeps prepared.
    package var statementLimit: Int

    package init(
        _ endpoint: Endpoint, user: String, password: String? = nil, database: String,
        encryption: Encryption = .off, connectTimeoutSeconds: Int = 5,
        statementTimeoutMilliseconds: Int = 30_000, statementLimit: Int = 256
    ) {
        self.endpoint = endpoint
        self.user = user
        self.password = password
        self.database = database
        self.encryption = encryption
        self.connectTimeoutSeconds = connectTimeoutSeconds
        self.statementTimeoutMilliseconds = statementTimeoutMilliseconds
        self.statementLimit = statementLimit
    }
}
