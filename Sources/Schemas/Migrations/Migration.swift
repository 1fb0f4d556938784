/// What takes a database to its schema.
package struct Migration: Sendable, Equatable {
    /// In order.
    package var steps: [MigrationStep]
    /// What the rows must not hold for it to succeed, as statements that count those that do.
    package var obstacles: [Obstacle]
    /// What Stead knows of the database from its beginning on: what it adds is Stead's own, even if
    /// the migration never comes to its end.
    package var intent: SchemaRecord
    /// What Stead will know of the database once it is done.
    package var record: SchemaRecord
}

/// Statements that are one piece of work.
package struct MigrationStep: Sendable, Equatable, Codable {
    /// What it is, for people and for the journal: `add column tasks.due`.
    package var title: String
    package var statements: [String]
    /// Whether its statements must run outside a transaction, one by one.
    package var isStandalone: Bool
    /// The table whose rows are all written anew, if any are.
    package var rewrites: TableIdentity?
    /// Whether nobody can write to the table meanwhile for longer than a moment.
    package var locks: Bool
    package var isIrreversible: Bool
    /// Whether it gives a table or a column another name, to be dropped later.
    package var putsAside: Bool

    package init(
        _ title: String, _ statements: [String], isStandalone: Bool = false,
        rewrites: TableIdentity? = nil, locks: Bool = false, isIrreversible: Bool = false,
        putsAside: Bool = false
    ) {
        self.title = title
        self.statements = statements
        self.isStandalone = isStandalone
        self.rewrites = rewrites
        self.locks = locks
        self.isIrreversible = isIrreversible
        self.putsAside = putsAside
    }
}

/// Rows that would make a migration fail.
package struct Obstacle: Sendable, Equatable, Codable {
    /// What is wrong with them: `hold null in tasks.due, which is to be required`.
    package var words: String
    /// Counts them.
    package var count: String
    /// Names up to five of them by their whole key; nil where rows have none.
    package var sample: String?

    package init(words: String, count: String, sample: String?) {
        self.words = words
        self.count = count
        self.sample = sample
    }
}
