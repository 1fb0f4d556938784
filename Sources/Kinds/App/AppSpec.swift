import Schemas

/// What an `App` document says.
struct AppSpec: Sendable, Equatable {
    var hosts: [String] = []
    var basePath = "/api"
    var database = DatabaseSpec()
    var auth: SignIn?
    var origins: [String] = []
    var limits = ServingLimits()
}

/// What an `App` document says of its database; every field may be missing.
struct DatabaseSpec: Sendable, Equatable {
    var engine = Engine.sqlite
    var path: String?
    var host: String?
    var port: Int?
    var socket: String?
    var name: String?
    var user: String?
    var passwordFile: String?
    var tls = false
    var certificates: String?
    var create = true

    /// The engines, by the names that a document may call them.
    enum Engine: String, Sendable, CaseIterable {
        case sqlite, mariadb, mysql, postgres
    }

    /// As the engine of changes takes it.
    var address: DatabaseAddress {
        let engine: DatabaseEngine =
            switch engine {
            case .sqlite: .sqlite
            case .mariadb, .mysql: .mariadb
            case .postgres: .postgres
            }
        var address = DatabaseAddress(engine: engine)
        address.path = path
        address.host = host
        address.port = port
        address.socket = socket
        address.name = name
        address.user = user
        address.passwordFile = passwordFile
        address.isEncrypted = tls
        address.certificates = certificates
        address.mayCreate = create
        return address
    }
}
