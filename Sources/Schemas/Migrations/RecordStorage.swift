import FoundationEssentials
import SQL

/// Keeps the record of Stead's work in the database that it speaks of.
struct RecordStorage {
    private let dialect: Dialect
    private var table: String { dialect.quoted(SchemaRecord.table) }

    init(_ dialect: Dialect) {
        self.dialect = dialect
    }

    /// The record; nil when the table is empty or holds what this version can't read.
    func read<D: Database>(_ database: D) throws(SQLError) -> SchemaRecord? {
        let body = try database.first("SELECT body FROM \(table) WHERE id = 1") { $0.text(0) }
        guard let text = body ?? nil else { return nil }
        return try? JSONDecoder().decode(SchemaRecord.self, from: Data(text.utf8))
    }

    /// Makes the table where it is missing, and keeps the record.
    func write<D: Database>(_ record: SchemaRecord, to database: D) throws(SQLError) {
        let type = dialect.engine == .mariadb ? "LONGTEXT" : "TEXT"
        try database.execute(
            "CREATE TABLE IF NOT EXISTS \(table) (id INTEGER PRIMARY KEY, body \(type) NOT NULL)")
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let body = try? encoder.encode(record) else { return }
        let text = SQLValue.text(String(decoding: body, as: UTF8.self))
        let updated = try database.execute("UPDATE \(table) SET body = ? WHERE id = 1", [text])
        guard updated == 0 else { return }
        // MariaDB counts only rows that changed.
        let known = try database.first("SELECT id FROM \(table) WHERE id = 1") { $0.integer(0) }
        if known == nil {
            try database.execute("INSERT INTO \(table) (id, body) VALUES (1, ?)", [text])
        }
    }
}
