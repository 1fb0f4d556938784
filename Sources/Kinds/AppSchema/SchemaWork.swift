import Diagnostics
import Resources
import Schemas

/// What was seen of an app's tables.
struct SchemaObservation: Sendable, Equatable, Codable {
    var database: DatabaseAddress
    var observed: ObservedSchema
    /// Of the moment, not of the schema, and so not kept.
    var rows: [SchemaSighting.RowCount] = []
    var at = 0
    /// What is put aside is kept so long.
    var quarantineSeconds = SchemaWork.usualQuarantineSeconds

    private enum CodingKeys: String, CodingKey { case database, observed }

    init(_ sighting: SchemaSighting, of desired: AppSchema.Desired) {
        database = desired.database
        observed = sighting.observed
        rows = sighting.rows
        at = sighting.at
        quarantineSeconds = desired.quarantineSeconds ?? SchemaWork.usualQuarantineSeconds
    }
}

/// The migration of a change, and how a plan shows it.
enum SchemaWork {
    /// What is put aside stays so long, unless `policy.quarantine` says otherwise.
    static let usualQuarantineSeconds = Settings.Policy().quarantineSeconds

    static func migration(
        _ observation: SchemaObservation?, to schema: Schema, on database: DatabaseAddress
    ) -> Migration {
        MigrationBuilder.migration(
            for: difference(observation, to: schema, on: database), to: schema,
            from: observation?.observed ?? ObservedSchema(), on: database.engine,
            now: observation?.at ?? 0)
    }

    static func difference(
        _ observation: SchemaObservation?, to schema: Schema, on database: DatabaseAddress
    ) -> SchemaDifference {
        SchemaComparison.compare(
            schema, with: observation?.observed ?? ObservedSchema(), on: database.engine,
            keptSince: (observation?.at ?? 0)
                - (observation?.quarantineSeconds ?? usualQuarantineSeconds))
    }

    /// A difference a step: what it does, its SQL, and what a person should know before.
    static func differences(of migration: Migration, seen: SchemaObservation?) -> [Difference] {
        migration.steps.map { step in
            let sql = step.statements.map { $0 + ";\n" }.joined()
            return Difference(
                step.title + remarks(on: step, seen), .content(old: nil, new: Content(sql)))
        }
    }

    private static func remarks(on step: MigrationStep, _ seen: SchemaObservation?) -> String {
        var words: [String] = []
        if step.putsAside {
            words.append("kept \(duration(seen?.quarantineSeconds ?? usualQuarantineSeconds))")
        }
        if let table = step.rewrites {
            let count = seen?.rows.first { $0.table == table }?.rows
            words.append("rewrites \(count.map(String.init) ?? "all") rows")
        }
        if step.locks { words.append("blocks writers meanwhile") }
        if step.isIrreversible { words.append("can't be undone") }
        return words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
    }

    /// `for 7 days, then dropped`.
    private static func duration(_ seconds: Int) -> String {
        guard seconds > 0 else { return "until the next migration" }
        let units = [("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)]
        let (word, size) = units.first { seconds % $0.1 == 0 } ?? ("second", 1)
        let count = seconds / size
        return "for \(count.counted(word)), then dropped"
    }
}
