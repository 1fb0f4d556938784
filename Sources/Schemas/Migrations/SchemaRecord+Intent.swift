/// What a migration is about to make.
extension SchemaRecord {
    /// Takes what a change adds for Stead's own: a table that is new, or the columns and indexes
    /// that are new in one of Stead's.
    mutating func claim(what change: TableDifference) {
        guard change.observed != nil else {
            let claimed = OwnedTable(change.desired)
            owned.removeAll { $0.table == claimed.table }
            owned.append(claimed)
            return
        }
        let former = TableIdentity(
            namespace: change.desired.namespace, name: change.renamedFrom ?? change.desired.name)
        guard let position = owned.firstIndex(where: { $0.table == former }) else { return }
        var declared = owned[position].declared
        declared.name = change.desired.name
        declared.columns += change.added.filter { declared[$0.name] == nil }
        for shape in change.addedIndexes {
            if shape.isUnique {
                if !declared.uniques.contains(shape.columns) {
                    declared.uniques.append(shape.columns)
                }
                if shape.isLive {
                    declared.liveUniques = (declared.liveUniques ?? []) + [shape.columns]
                }
            } else if !declared.indexes.contains(shape.columns) {
                declared.indexes.append(shape.columns)
            }
        }
        let claimed = OwnedTable(declared)
        // Under its former name it is known until it has the new one.
        if claimed.table == former { owned[position] = claimed } else { owned.append(claimed) }
    }
}
