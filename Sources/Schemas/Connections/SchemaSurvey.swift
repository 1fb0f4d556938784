package import Diagnostics
package import SQL

/// Looks at a database for a plan: what it holds, and what stands against the schema.
package struct SchemaSurvey: Sendable {
    private let connector: DatabaseConnector

    package init(_ connector: DatabaseConnector) {
        self.connector = connector
    }

    /// What a database holds.
    ///
    /// - Throws: when it can't be reached, or is not there.
    package func contents(of address: DatabaseAddress) throws(Failure) -> ObservedSchema {
        let database: any Database
        do throws(DatabaseConnector.Refusal) {
            database = try connector.connect(address)
        } catch {
            switch error {
            case .failed(let failure): throw failure
            case .noDatabase: throw .stalled(.init("there is no database \(address)"))
            }
        }
        do throws(SQLError) {
            return try Introspection.read(database, address.engine)
        } catch {
            throw .stalled(.init("cannot look at \(address): \(error.message)"))
        }
    }

    /// What there is to say of a database and a schema.
    ///
    /// - Parameters:
    ///   - address: the database.
    ///   - schema: what it is to hold.
    ///   - now: seconds since 1970.
    /// - Returns: what was seen, and the rows that stand against a migration.
    /// - Throws: when the database can't be reached, or is not there and may not be made.
    package func look(at address: DatabaseAddress, for schema: Schema, now: Int) throws(Failure)
        -> SchemaSighting
    {
        let database: any Database
        do throws(DatabaseConnector.Refusal) {
            database = try connector.connect(address)
        } catch {
            switch error {
            case .failed(let failure): throw failure
            case .noDatabase:
                guard address.mayCreate else {
                    throw .stalled(
                        .init(
                            "there is no database \(address)",
                            fix: "make it, or remove `create: false`"))
                }
                return SchemaSighting(exists: false, at: now)
            }
        }
        do throws(SQLError) {
            return try Self.look(at: database, address.engine, for: schema, now: now)
        } catch {
            throw .stalled(.init("cannot look at \(address): \(error.message)"))
        }
    }

    /// The same of a connection.
    ///
    /// - Throws: what the database says.
    package static func look<D: Database>(
        at database: D, _ engine: DatabaseEngine, for schema: Schema, now: Int
    ) throws(SQLError) -> SchemaSighting {
        let observed = try Introspection.read(database, engine)
        let difference = SchemaComparison.compare(
            schema, with: observed, on: engine, keptSince: 0)
        let migration = MigrationBuilder.migration(
            for: difference, to: schema, from: observed, on: engine, now: now)
        var sighting = SchemaSighting(exists: true, observed: observed, at: now)
        let dialect = Dialect(engine)
        let leaving =
            difference.removed.map(\.table.identity)
            + difference.tables.filter { !$0.removed.isEmpty }.map(\.desired.identity)
        for table in Set(migration.steps.compactMap(\.rewrites) + leaving) {
            var place = table
            if let change = difference.tables.first(where: { $0.desired.identity == table }) {
                place.name = change.renamedFrom ?? place.name
            }
            let rows = try database.first("SELECT count(*) FROM \(dialect.quoted(place))") {
                $0.integer(0) ?? 0
            }
            sighting.rows.append(.init(table: table, rows: rows ?? 0))
        }
        sighting.rows.sort { $0.table.name < $1.table.name }
        for obstacle in migration.obstacles {
            let count = try database.first(obstacle.count) { $0.integer(0) ?? 0 } ?? 0
            guard count > 0 else { continue }
            var words = "\(count) \(count == 1 ? "row" : "rows") \(obstacle.words)"
            if let sample = obstacle.sample {
                let keys = try database.all(sample) { row in
                    let parts = (0..<row.columnCount).map { row.text($0) ?? "null" }
                    return parts.count == 1 ? parts[0] : "(\(parts.joined(separator: ",")))"
                }
                words += ": \(keys.joined(separator: ", "))\(count > keys.count ? ", …" : "")"
            }
            sighting.obstacles.append(words)
        }
        return sighting
    }
}
