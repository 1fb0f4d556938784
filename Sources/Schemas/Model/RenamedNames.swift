extension Table {
    /// The column that a piece of the table's SQL still calls by a name it no longer has; nil when
    /// there is none.
    ///
    /// SQLite takes a quoted name that is no column's for a text, and computes with that.
    package func renamedColumn(in sql: String, _ engine: DatabaseEngine) -> Column? {
        let renamed = columns.filter { column in
            column.renamedFrom.map { former in
                !columns.contains { $0.name.lowercased() == former.lowercased() }
            } ?? false
        }
        guard !renamed.isEmpty else { return nil }
        for word in SQLWords(sql, engine).words
        where word.sort == .name || word.sort == .quotedName {
            let found = renamed.first { $0.renamedFrom?.lowercased() == word.text.lowercased() }
            if let found { return found }
        }
        return nil
    }
}
