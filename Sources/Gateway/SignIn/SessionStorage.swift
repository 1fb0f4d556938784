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
                    expires_at BIGINT NOT NULL, family_expires_at BIGINT NOT NULL,
                    rotated_at BIGINT, revoked BIGINT NOT NULL DEFAULT 0)
                """))
        try database.change(
            SQLFragment(
                """
                CREATE TABLE IF NOT EXISTS \(ends) (
                    ended_at BIGINT NOT NULL, family \(text) NOT NULL,
                    PRIMARY KEY (ended_at, family))
                """))
    }

    func insert<D: Database>(_ record: RefreshRecord, subject: String, on database: D)
        throws(APIError)
    {
        try database.change(
            SQLFragment(
                """
                INSERT INTO \(table)
                    (digest, family, subject, expires_at, family_expires_at, revoked)
                VALUES (?, ?, ?, ?, ?, 0)
                """,
                [
                    .text(record.digest), .text(record.family), .text(subject),
                    .integer(record.expiresAt), .integer(record.familyExpiresAt),
                ]))
    }

    /// What is known of a refresh token, by its digest.
    func record<D: Database>(_ digest: String, on database: D) throws(APIError) -> (
        record: RefreshRecord, subject: String
    )? {
        var found: (RefreshRecord, String)?
        let statement = SQLFragment(
            """
            SELECT digest, family, expires_at, family_expires_at, rotated_at, revoked, subject
            FROM \(table) WHERE digest = ?
            """, [.text(digest)])
        try database.rows(statement) { row in
            var record = RefreshRecord(
                digest: row.text(0) ?? "", family: row.text(1) ?? "",
                expiresAt: row.integer(2) ?? 0, familyExpiresAt: row.integer(3) ?? 0)
            record.rotatedAt = row.integer(4)
            record.isRevoked = row.integer(5) == 1
            found = (record, row.text(6) ?? "")
        }
        return found
    }

    /// Takes a token out of use; false when somebody else was first.
    func rotate<D: Database>(_ digest: String, now: Int, on database: D) throws(APIError) -> Bool {
        try database.change(
            SQLFragment(
                "UPDATE \(table) SET rotated_at = ? WHERE digest = ? AND rotated_at IS NULL",
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
        var isThere = false
        try database.rows(knownEnds) { _ in isThere = true }
        guard isThere else { return [] }
        var found: [(session: String, endedAt: Int)] = []
        let statement = SQLFragment(
            "SELECT family, ended_at FROM \(ends) WHERE ended_at >= ?", [.integer(since)])
        try database.rows(statement) { row in
            if let family = row.text(0) { found.append((family, row.integer(1) ?? 0)) }
        }
        return found
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
        var families: [String] = []
        try database.rows(
            SQLFragment(
                "SELECT DISTINCT family FROM \(table) WHERE subject = ? AND revoked = 0",
                [.text(subject)])
        ) { row in row.text(0).map { families.append($0) } }
        let others = families.filter { $0 != family }
        for other in others { try revoke(family: other, now: now, on: database) }
        return others
    }

    /// Forgets what has expired, and the ends before `lastEnd`, whose tokens have too.
    func forget<D: Database>(before now: Int, lastEnd: Int, on database: D) throws(APIError) {
        try database.change(
            SQLFragment("DELETE FROM \(table) WHERE family_expires_at < ?", [.integer(now)]))
        try database.change(
            SQLFragment("DELETE FROM \(ends) WHERE ended_at < ?", [.integer(lastEnd)]))
    }
}
