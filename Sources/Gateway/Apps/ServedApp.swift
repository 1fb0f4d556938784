import Identity
import SQL
import Schemas
import Synchronization

/// An app as it is served: a release, with everything that requests need made beforehand.
final class ServedApp: Sendable {
    let release: Release
    let sequence: Int
    let tables: [ServedTable]
    let backend: Backend
    /// What signs and proves tokens; nil where nobody can sign in.
    let tokens: TokenDesk?
    /// What the database's complaints are about.
    let constraints: ConstraintFields
    private let byName: [ByteText: Int]
    private let byIdentity: [TableIdentity: Int]
    private let queryTexts = Mutex<[String: QueryText]>([:])
    private let expressions = Mutex<[String: NamedSQL]>([:])

    init(_ release: Release, sequence: Int, backend: Backend, tokens: TokenDesk?) {
        self.release = release
        self.sequence = sequence
        self.backend = backend
        self.tokens = tokens
        let dialect = Dialect(release.app.database.engine)
        constraints = ConstraintFields(release.schema, dialect.engine)
        tables = release.schema.tables.enumerated().map {
            ServedTable($1, index: $0, in: release.schema, app: release.app, dialect: dialect)
        }
        byName = Dictionary(
            tables.map { (ByteText($0.name), $0.index) }, uniquingKeysWith: { first, _ in first })
        byIdentity = Dictionary(
            tables.map { ($0.table.identity, $0.index) }, uniquingKeysWith: { first, _ in first })
    }

    var name: String { release.app.name }
    var engine: DatabaseEngine { release.app.database.engine }

    /// The table that the API calls so.
    func table(_ name: String) -> ServedTable? { byName[ByteText(name)].map { tables[$0] } }

    /// The table that is so called in the database.
    func table(_ identity: TableIdentity) -> ServedTable? {
        byIdentity[identity].map { tables[$0] }
    }

    /// The table of those who may sign in.
    var people: ServedTable? { release.app.auth.flatMap { table($0.table) } }

    /// A description of the app, made once for each role; nil where there is none.
    ///
    /// Roles come from tokens of our own, and places are few: neither can be made up to fill the
    /// memory.
    func description(_ place: String, for role: CallerRole, _ make: () -> [UInt8]?) -> [UInt8]? {
        let key = DescriptionKey(place: place, role: role)
        if let kept = descriptions.withLock({ $0[key] }) { return kept }
        guard let made = make() else { return nil }
        descriptions.withLock { $0[key] = made }
        return made
    }

    private struct DescriptionKey: Hashable {
        var place: String
        var role: CallerRole
    }

    private let descriptions = Mutex<[DescriptionKey: [UInt8]]>([:])

    /// The query of a name that is no stand-in for another route.
    func query(_ name: String) -> NamedQuery? {
        release.queries.first { $0.name.isSame(as: name) && $0.override == nil }
    }

    /// The query that stands in for a generated route.
    func query(for table: ServedTable, _ operation: Operation) -> NamedQuery? {
        guard !release.queries.isEmpty else { return nil }
        return release.queries.first {
            $0.override == NamedQuery.Override(table: table.name, operation: operation)
        }
    }

    /// A query's text with its tables found, which is done once.
    func queryText(_ query: NamedQuery) -> QueryText {
        queryTexts.withLock { known in
            if let found = known[query.name] { return found }
            let made = QueryText(query.sql, engine)
            known[query.name] = made
            return made
        }
    }

    /// A rule's text with its marks read, which is done once.
    func compiled(_ text: String) -> NamedSQL {
        expressions.withLock { known in
            if let found = known[text] { return found }
            let made = NamedSQL(text)
            known[text] = made
            return made
        }
    }
}
