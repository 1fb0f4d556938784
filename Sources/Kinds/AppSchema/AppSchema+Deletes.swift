import Resources
import Schemas

extension AppSchema {
    /// As if no table were declared: the tables that would be put aside are counted.
    static func removalLooks(for desired: Desired) -> [Look] { [removalLook(for: desired)] }

    static func removalLook(for desired: Desired) -> Look {
        AppPlace.look(.schema(app: desired.app, desired.database, Schema()))
    }

    static func losses(from observed: SchemaObservation, to desired: Desired?) -> [Loss] {
        let difference = SchemaWork.difference(
            observed, to: desired?.schema ?? Schema(), on: observed.database)
        func rows(_ table: TableIdentity) -> Int? {
            observed.rows.first { $0.table == table }?.rows
        }
        let tables = difference.removed.map { table in
            Loss("table \(table.table.name)", .putAside, rows: rows(table.table.identity))
        }
        let columns = difference.tables.flatMap { table in
            table.removed.map { column in
                Loss(
                    "column \(table.desired.name).\(column.name)", .putAside,
                    rows: rows(table.desired.identity))
            }
        }
        let dropped = difference.expired.map { kept in
            Loss(kept.words, .dropped)
        }
        return tables + columns + dropped
    }

    /// A table that was made anew under the name of one that is put aside.
    static func obstacles(
        toRestoring desired: Desired, in observed: SchemaObservation
    ) -> [String] {
        let kept = observed.observed.record?.quarantined ?? []
        return kept.filter { $0.column == nil }.compactMap { kept in
            let place = TableIdentity(namespace: kept.namespace, name: kept.original)
            guard observed.observed[place] != nil,
                desired.schema.tables.contains(where: { $0.identity == place })
            else { return nil }
            return "table \(kept.original) of \(observed.database)"
        }
    }
}

extension SchemaRecord.Quarantined {
    /// `table tasks`, `column tasks.note`.
    fileprivate var words: String {
        column == nil ? "table \(original)" : "column \(table).\(original)"
    }
}
