import Identity
import SQL
import Schemas

/// The sign-ins of an app, in the table `_stead_sessions` of its database: no token, only digests.
struct SessionStorage {
    private let table: String
    private let text: String

    init(_ engine: DatabaseEngine) {
        let dialect = Dialect(engine)
        table = dialect.quoted("_stead_sessions")
        text = engine == .mariadb ? "VARCHAR(190)" : "TEXT"
    }

    /// Makes the table where it is missing.
    func prepare<D: Database>(on database: D) throws(APIError) {
        try database.change(
            SQLFragment(
                """
                CREATE TABLE IF NOT EXISTS \(table) (
                    digest \(text) PRIMARY KEY, family \(text) NOT NULL, subject \(text) NOT NULL,
                    expires_at BIGINT NOT NULL, family_expires_at BIGINT NOT NULL,
                    rotated_at BIGINT, revoked BIGINT NOT NULL DEFAULT 0)
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

    func revoke<D: Database>(family: String, on database: D) throws(APIError) {
        try database.change(
            SQLFragment("UPDATE \(table) SET revoked = 1 WHERE family = ?", [.text(family)]))
    }

    /// Ends all sign-ins of a person but one; gives the families that ended.
    func revokeOthers<D: Database>(
        of subject: String, but family: String?, on database: D
    ) throws(APIError) -> [String] {
        var families: [String] = []
        try database.rows(
            SQLFragment(
                "SELECT DISTINCT family FROM \(table) WHERE subject = ? AND revoked = 0",
                [.text(subject)])
        ) { row in row.text(0).map { families.append($0) } }
        let others = families.filter { $0 != family }
        for other in others { try revoke(family: other, on: database) }
        return others
    }

    /// Forgets what has expired.
    func forget<D: Database>(before now: Int, on database: D) throws(APIError) {
        try database.change(
            SQLFragment("DELETE FROM \(table) WHERE family_expires_at < ?", [.integer(now)]))
    }
}
