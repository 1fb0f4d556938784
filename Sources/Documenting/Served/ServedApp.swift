import Schemas

/// An app as one role sees it.
struct ServedApp {
    let app: AppDefinition
    let role: CallerRole?
    /// Those with an operation that the role may do, in the order of the schema.
    let tables: [ServedTable]
    /// Without a `/` at its end.
    let basePath: String
    /// The app's own queries that the role may ask.
    let queries: [NamedQuery]
    let allQueries: [NamedQuery]
    /// The table of those who sign in, as the role sees it.
    let people: ServedTable?

    /// - Parameters:
    ///   - release: the app.
    ///   - role: who looks; nil for all that any role may see and do.
    ///   - reserved: names that no type may have besides.
    init(_ release: Release, role: CallerRole?, reserved: Set<String> = []) {
        app = release.app
        self.role = role
        var path = release.app.basePath
        while path.hasSuffix("/") { path.removeLast() }
        basePath = path
        var identifiers = Identifiers()
        var types = Identifiers(reserved: ServedApp.reserved.union(reserved))
        let all = release.schema.tables.map { table in
            ServedTable(
                table, release, role, basePath: path, identifier: identifiers.name(table.name),
                typeName: types.typeName(table.name))
        }
        let served = all.filter { !$0.operations.isEmpty }
        let readable = Set(served.filter(\.isReadable).map(\.table.identity))
        tables = served.map { $0.keeping { readable.contains($0.table) } }
        people = release.app.auth.flatMap { auth in
            all.first { $0.table.name == auth.table }
        }
        names = Set(all.map(\.table.name))
        allQueries = release.queries
        queries = release.queries.filter { query in
            query.isPublic || (role != .anonymous && role?.isAmong(query.roles) ?? true)
        }
    }

    private let names: Set<String>

    /// Whether a table is called so, be it one that the role may do nothing with.
    func isTable(_ name: String) -> Bool { names.contains(name) }

    /// Names of types that are not tables.
    private static let reserved: Set<String> = [
        "Error", "Problem", "Session", "ListMeta", "Person", "Login", "Registration", "Refresh",
        "PasswordChange",
    ]

    func table(_ identity: TableIdentity) -> ServedTable? {
        tables.first { $0.table.identity == identity }
    }

    /// What a person gives of themselves on registering, besides login and password.
    var registrationColumns: [Column] {
        guard let auth = app.auth, let people else { return [] }
        return people.writableByNature.filter {
            ![auth.login, auth.password, auth.role].contains($0.name)
                && CallerRole.named(auth.registeredRole ?? "default").isAmong($0.access.writers)
        }
    }
}

/// A table as one role sees it.
struct ServedTable {
    let table: Table
    /// Base path, `/` and the encoded name.
    let path: String
    /// A name for programs, unique in the app.
    let identifier: String
    let typeName: String
    /// What the role may do.
    let operations: [Operation]
    let readable: [Column]
    /// What a new row may be given.
    let creatable: [Column]
    /// What a row may be changed in.
    let updatable: [Column]
    /// Ways to tables that the role may read.
    private(set) var relations: [Relation]
    /// Whether the role sees and restores what was deleted.
    let seesDeleted: Bool
    /// What neither the database nor the gateway sets by itself.
    let writableByNature: [Column]
    /// What the gateway sets to the caller, for most roles.
    private let ownerColumn: String?

    init(
        _ table: Table, _ release: Release, _ role: CallerRole?, basePath: String,
        identifier: String, typeName: String
    ) {
        self.table = table
        self.identifier = identifier
        self.typeName = typeName
        path = "\(basePath)/\(PercentEncoding.encode(table.name))"
        let isNobody = role == .anonymous
        let allowed = Operation.allCases.filter { operation in
            table.rules.operations.contains(operation)
                && !(isNobody && !table.rules.publicOperations.contains(operation))
                && role?.condition(on: table, for: operation) != .nothing
        }
        readable = table.columns.filter { Self.isOpen($0.access.readers, to: role) }
        let softly = table.deletesSoftly
        let natural = table.columns.filter {
            !$0.isAuto && $0.generated == nil && $0.stamp == nil
                && !(softly && $0.name == "deleted_at")
        }
        writableByNature = natural
        let owner = release.app.auth.flatMap { table.ownerColumn(signIn: $0)?.name }
        func writable(for operation: Operation) -> [Column] {
            let isSet = role?.condition(on: table, for: operation) == .owner
            return natural.filter {
                !(isSet && $0.name == owner) && Self.isOpen($0.access.writers, to: role)
            }
        }
        let usual = CallerRole.named("default").condition(on: table, for: .create)
        ownerColumn = usual == .owner ? owner : nil
        creatable = writable(for: .create)
        let updatable = writable(for: .update).filter { !$0.isPrimary }
        self.updatable = updatable
        // A row that is one's own by its key is there already; and none can be made whose columns
        // somebody must give, and this role may not.
        let isOwn =
            role?.condition(on: table, for: .create) == .owner
            && table.primaryKey.contains { $0.name == owner }
        let given = Set(creatable.map(\.name) + [owner].compactMap(\.self))
        let isMakeable =
            !isOwn && natural.allSatisfy { !$0.mustBeGiven || given.contains($0.name) }
        // There is nothing to change where all is key.
        operations = allowed.filter { operation in
            switch operation {
            case .create: isMakeable
            case .update: !updatable.isEmpty
            default: true
            }
        }
        relations = release.schema.relations(of: table)
        seesDeleted = softly && (role == nil || role == .admin)
    }

    private static func isOpen(_ roles: [String]?, to role: CallerRole?) -> Bool {
        role?.isAmong(roles) ?? (roles?.isEmpty != true)
    }

    /// Whether a new row can't be made without it, whoever makes it.
    func isRequiredOnCreate(_ column: Column) -> Bool {
        column.mustBeGiven && column.access.writers == nil && column.name != ownerColumn
    }

    /// The sets of columns by which an upsert may find a row that is there already.
    var conflictTargets: [[String]] {
        let given = Set(creatable.map(\.name) + (ownerColumn.map { [$0] } ?? []))
        let keys = [table.primaryKey.map(\.name)] + table.uniques
        return keys.filter { !$0.isEmpty && $0.allSatisfy(given.contains) }
    }

    /// Whether rows can be asked for.
    var isReadable: Bool { operations.contains(.list) || operations.contains(.show) }

    /// Whether a row has a path of its own.
    var hasKey: Bool { !table.primaryKey.isEmpty }

    func isPublic(_ operation: Operation) -> Bool {
        table.rules.publicOperations.contains(operation)
    }

    func keeping(_ isKept: (Relation) -> Bool) -> ServedTable {
        var copy = self
        copy.relations = relations.filter(isKept)
        return copy
    }

    /// What may be compared and ordered by.
    var sortable: [Column] {
        readable.filter { FilterOperator.eq.applies(to: $0.type) }
    }
}

extension Column {
    /// Whether a new row must be given it.
    var mustBeGiven: Bool { isRequired && !isSelfMade }
}
