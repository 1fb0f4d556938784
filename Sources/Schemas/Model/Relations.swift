/// A way from a table's rows to those of another, along foreign keys.
package struct Relation: Sendable, Equatable {
    /// How many rows there are at its end, and how they are found.
    package enum Kind: Sendable, Equatable {
        /// One row or none: the one that the near column refers to.
        case parent
        /// Any number: those whose far column refers here.
        case children
        /// Any number, through a table whose key is two references.
        case manyToMany(through: TableIdentity, nearColumn: String, farColumn: String)
    }

    /// As the API calls it.
    package var name: String
    package var kind: Kind
    /// The table at its end.
    package var table: TableIdentity
    /// The column of this table that the way begins at.
    package var nearColumn: String
    /// The column of the other table that it ends at.
    package var farColumn: String

    package var isList: Bool { kind != .parent }
}

extension Schema {
    /// The ways from a table, in order: parents, children, then those through a join table.
    ///
    /// A parent is called as its column without `_id`, or as its table where the column doesn't
    /// end so; children and far tables as their table. Where two would be called the same, or as a
    /// column, the later ones are `TABLE_by_COLUMN`.
    package func relations(of table: Table) -> [Relation] {
        var taken = Set(table.columns.map(\.name))
        return (parents(of: table) + children(of: table) + farTables(of: table)).map { found in
            var relation = found.relation
            if !taken.insert(relation.name).inserted {
                relation.name = "\(relation.table.name)_by_\(found.column)"
                taken.insert(relation.name)
            }
            return relation
        }
    }

    /// A relation, and the column that tells it from others to the same table.
    private typealias Found = (relation: Relation, column: String)

    private func parents(of table: Table) -> [Found] {
        table.columns.compactMap { column in
            guard let foreign = column.foreign, has(foreign.target) else { return nil }
            let isNamed = column.name.hasSuffix("_id") && column.name.count > 3
            let relation = Relation(
                name: isNamed ? String(column.name.dropLast(3)) : foreign.table, kind: .parent,
                table: foreign.target, nearColumn: column.name, farColumn: foreign.column)
            return (relation, column.name)
        }
    }

    private func children(of table: Table) -> [Found] {
        tables.flatMap { other in
            other.columns.compactMap { column -> Found? in
                guard let foreign = column.foreign, foreign.target == table.identity else {
                    return nil
                }
                let relation = Relation(
                    name: other.name, kind: .children, table: other.identity,
                    nearColumn: foreign.column, farColumn: column.name)
                return (relation, column.name)
            }
        }
    }

    /// Through tables whose primary key is exactly two references.
    private func farTables(of table: Table) -> [Found] {
        tables.flatMap { join -> [Found] in
            guard join.columns.contains(where: { $0.foreign?.target == table.identity }) else {
                return []
            }
            let keys = join.primaryKey
            guard keys.count == 2, keys.allSatisfy({ $0.foreign != nil }) else { return [] }
            return [(keys[0], keys[1]), (keys[1], keys[0])].compactMap { near, far in
                guard let here = near.foreign, here.target == table.identity,
                    let there = far.foreign, has(there.target)
                else { return nil }
                let relation = Relation(
                    name: there.table,
                    kind: .manyToMany(
                        through: join.identity, nearColumn: near.name, farColumn: far.name),
                    table: there.target, nearColumn: here.column, farColumn: there.column)
                return (relation, join.name)
            }
        }
    }

    private func has(_ table: TableIdentity) -> Bool {
        tables.contains { $0.identity == table }
    }
}
