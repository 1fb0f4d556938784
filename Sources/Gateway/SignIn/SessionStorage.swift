import Identity
import SQL
import Schemas

/// The sign-ins of an app, in the table `_stead_sessions` of its database: no token, only digests.
struct SessionStorage {
    private let engine: DatabaseEngine
    private let table: String
    /// The sign-ins that have ended: a table of its own, so that asking what is new reads little.
    private let ends: String
    private let text: String

    private static let endsName = "_stead_session_ends"

    init(_ engine: DatabaseEngine) {
        self.engine = engine
        let dialect = Dialect(engine)
        table = dialect.quoted("_stead_sessions")
        ends = dialect.quoted(Self.endsName)
        text = engine == .mariadb ? "VARCHAR(190)" : "TEXT"
    }

    /// Makes the tables where they are missing.
    func prepare<D: Database>(on database: D) throws(APIError) {
        try database.change(
            SQLFragment(
                """
                CREATE TABLE IF NOT EXISTS \(table) (
                    digest \(text) PRIMARY KEY, family \(text) NOT NULL, subject \(text) NOT NULL,
                    person \(text), expires_at BIGINT NOT NULL, family_expires_at BIGINT NOT NULL,
                    rotated_at BIGINT, revoked BIGINT NOT NULL DEFAULT 0)
                """))
        try database.change(
            SQLFragment(
                """
                CREATE TABLE IF NOT EXISTS \(ends) (
                    ended_at BIGINT NOT NULL, family \(text) NOT NULL,
                    PRIMARY KEY (ended_at, family))
                """))
        // A table that was made before sign-ins were tied to their person.
        if try !finds(knownPerson, on: database) {
            let absent = engine == .sqlite ? "" : "IF NOT EXISTS "
            try database.change(
                SQLFragment("ALTER TABLE \(table) ADD COLUMN \(absent)person \(text)"))
        }
        for column in ["family", "subject", "family_expires_at"] {
            let name = Dialect(engine).quoted("_stead_sessions_\(column)")
            try database.change(
                SQLFragment("CREATE INDEX IF NOT EXISTS \(name) ON \(table) (\(column))"))
        }
    }

    /// Keeps a refresh token's digest; `mark` is that of the person who has signed in.
    func insert<D: Database>(
        _ record: RefreshRecord, subject: String, mark: String, on database: D
    ) throws(APIError) {
        try database.change(
            SQLFragment(
                """
                INSERT INTO \(table)
                    (digest, family, subject, person, expires_at, family_expires_at, revoked)
                VALUES (?, ?, ?, ?, ?, ?, 0)
                """,
                [
                    .text(record.digest), .text(record.family), .text(subject), .text(mark),
                    .integer(record.expiresAt), .integer(record.familyExpiresAt),
                ]))
    }

    /// What is known of a refresh token, by its digest.
    func record<D: Database>(_ digest: String, on database: D) throws(APIError) -> (
        record: RefreshRecord, subject: String, mark: String?
    )? {
        var found: (RefreshRecord, String, String?)?
        let statement = SQLFragment(
            """
            SELECT digest, family, expires_at, family_expires_at, rotated_at, revoked, subject,
                person
            FROM \(table) WHERE digest = ?
            """, [.text(digest)])
        try database.rows(statement) { row in
            var record = RefreshRecord(
                digest: row.text(0) ?? "", family: row.text(1) ?? "",
                expiresAt: row.integer(2) ?? 0, familyExpiresAt: row.integer(3) ?? 0)
            record.rotatedAt = row.integer(4)
            record.isRevoked = row.integer(5) == 1
            found = (record, row.text(6) ?? "", row.text(7))
        }
        return found
    }

    /// Takes a token out of use; false when somebody else was first.
    func rotate<D: Database>(_ digest: String, now: Int, on database: D) throws(APIError) -> Bool {
        try database.change(
            SQLFragment(
                """
                UPDATE \(table) SET rotated_at = ?
                WHERE digest = ? AND rotated_at IS NULL AND revoked = 0
                """,
                [.integer(now), .text(digest)])) == 1
    }

    /// Ends a sign-in, for every gateway.
    func revoke<D: Database>(family: String, now: Int, on database: D) throws(APIError) {
        try database.change(
            SQLFragment("UPDATE \(table) SET revoked = 1 WHERE family = ?", [.text(family)]))
        let (verb, rest) =
            engine == .mariadb
            ? ("INSERT IGNORE", "") : ("INSERT", " ON CONFLICT DO NOTHING")
        try database.change(
            SQLFragment(
                "\(verb) INTO \(ends) (ended_at, family) VALUES (?, ?)\(rest)",
                [.integer(now), .text(family)]))
    }

    /// The sign-ins that have ended since a second.
    func ends<D: Database>(since: Int, on database: D) throws(APIError) -> [(
        session: String, endedAt: Int
    )] {
        // Before anybody has signed in there is no table, and maybe no right to make one.
        guard try isThere(on: database) else { return [] }
        var found: [(session: String, endedAt: Int)] = []
        let statement = SQLFragment(
            "SELECT family, ended_at FROM \(ends) WHERE ended_at >= ?", [.integer(since)])
        try database.rows(statement) { row in
            if let family = row.text(0) { found.append((family, row.integer(1) ?? 0)) }
        }
        return found
    }

    /// Whether anybody has ever signed in, or come to.
    func isThere<D: Database>(on database: D) throws(APIError) -> Bool {
        try finds(knownEnds, on: database)
    }

    private func finds<D: Database>(_ statement: SQLFragment, on database: D) throws(APIError)
        -> Bool
    {
        var isFound = false
        try database.rows(statement) { _ in isFound = true }
        return isFound
    }

    /// Finds a row when the table of sign-ins knows whose they are.
    private var knownPerson: SQLFragment {
        switch engine {
        case .sqlite:
            SQLFragment(
                "SELECT 1 FROM pragma_table_info('_stead_sessions') WHERE name = 'person'")
        case .mariadb:
            SQLFragment(
                """
                SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE()
                    AND table_name = '_stead_sessions' AND column_name = 'person'
                """)
        case .postgres:
            SQLFragment(
                """
                SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('_stead_sessions')
                    AND attname = 'person' AND NOT attisdropped
                """)
        }
    }

    /// Finds a row when the table of ends is there.
    private var knownEnds: SQLFragment {
        switch engine {
        case .sqlite:
            SQLFragment(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
                [.text(Self.endsName)])
        case .mariadb:
            SQLFragment(
                """
                SELECT 1 FROM information_schema.tables
                WHERE table_schema = DATABASE() AND table_name = ?
                """, [.text(Self.endsName)])
        case .postgres:
            SQLFragment("SELECT 1 WHERE to_regclass(?) IS NOT NULL", [.text(Self.endsName)])
        }
    }

    /// Ends all sign-ins of a person but one; gives the families that ended.
    func revokeOthers<D: Database>(
        of subject: String, but family: String?, now: Int, on database: D
    ) throws(APIError) -> [String] {
        // MariaDB would otherwise look at the rows as they were when the transaction began.
        let lock = engine == .mariadb ? " LOCK IN SHARE MODE" : ""
        var families: [String] = []
        try database.rows(
            SQLFragment(
                "SELECT DISTINCT family FROM \(table) WHERE subject = ? AND revoked = 0\(lock)",
                [.text(subject)])
        ) { row in row.text(0).map { families.append($0) } }
        let others = families.filter { $0 != family }
        for other in others { try revoke(family: other, now: now, on: database) }
        return others
    }

    /// The people of whom a sign-in may still go on.
    func subjects<D: Database>(on database: D) throws(APIError) -> [String] {
        var found: [String] = []
        let statement = SQLFragment("SELECT DISTINCT subject FROM \(table) WHERE revoked = 0")
        try database.rows(statement) { row in row.text(0).map { found.append($0) } }
        return found
    }

    /// A person's password has a new hash: the sign-ins that go on are tied to it.
    func renew<D: Database>(
        _ mark: String, of subject: String, from old: String, on database: D
    ) throws(APIError) {
        try database.change(
            SQLFragment(
                "UPDATE \(table) SET person = ? WHERE subject = ? AND person = ?",
                [.text(mark), .text(subject), .text(old)]))
    }

    /// Forgets the sign-ins and the ends before `lastEnd`, whose last tokens have expired.
    func forget<D: Database>(lastEnd: Int, on database: D) throws(APIError) {
        try database.change(
            SQLFragment(
                "DELETE FROM \(table) WHERE family_expires_at < ?", [.integer(lastEnd)]))
        try database.change(
            SQLFragment("DELETE FROM \(ends) WHERE ended_at < ?", [.integer(lastEnd)]))
    }
}
