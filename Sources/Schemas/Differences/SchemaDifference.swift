/// How a database is not what a schema says.
package struct SchemaDifference: Sendable, Equatable {
    /// In the order of the schema.
    package var tables: [TableDifference] = []
    /// Tables that were declared once and are no more: they are put aside.
    package var removed: [ObservedTable] = []
    /// What was put aside long enough ago.
    package var expired: [SchemaRecord.Quarantined] = []
    /// What can't be done at all, and why.
    package var refusals: [String] = []
    /// Columns and tables that are there, and that neither the schema nor Stead's record knows:
    /// they stay. No part of the difference.
    package var undeclared: [String] = []
    /// Names of before that lead nowhere, in words. No part of the difference either.
    package var lostNames: [String] = []

    package init() {}

    package var isEmpty: Bool {
        tables.isEmpty && removed.isEmpty && expired.isEmpty && refusals.isEmpty
    }
}

/// How a table is not what a schema says.
package struct TableDifference: Sendable, Equatable {
    package var desired: Table
    /// What is there, under the new names; nil when the table is to be made.
    package var observed: ObservedTable?
    /// What it is called now, when that changes.
    package var renamedFrom: String?
    /// Put aside before, and wanted again.
    package var restored: SchemaRecord.Quarantined?
    /// The old name of each column that gets a new one.
    package var renamedColumns: [String: String] = [:]
    package var added: [Column] = []
    package var changed: [ColumnDifference] = []
    /// Columns that were declared once and are no more: they are put aside.
    package var removed: [Column] = []
    package var addedIndexes: [IndexShape] = []
    package var droppedIndexes: [ObservedIndex] = []
    /// Whether MariaDB's hidden column is of no more use.
    package var dropsLiveMark = false
    package var addedForeignKeys: [Column] = []
    /// Columns that no longer refer to another table, or to another one.
    package var droppedForeignKeys: [String] = []
    package var addedChecks: [NamedCheck] = []
    package var droppedChecks: [ObservedCheck] = []
    /// Checks that nobody declared, and that stay.
    var keptChecks: [ObservedCheck] = []

    init(_ desired: Table, observed: ObservedTable?) {
        self.desired = desired
        self.observed = observed
    }

    package var isEmpty: Bool {
        observed != nil && renamedFrom == nil && restored == nil && renamedColumns.isEmpty
            && added.isEmpty && changed.isEmpty && removed.isEmpty && addedIndexes.isEmpty
            && droppedIndexes.isEmpty && !dropsLiveMark && addedForeignKeys.isEmpty
            && droppedForeignKeys.isEmpty
            && addedChecks.isEmpty && droppedChecks.isEmpty
    }

    /// Whether a unique only takes another form: it then holds until that one does.
    ///
    /// One that loses the column by which it knows deleted rows goes before that.
    func isReplaced(_ index: ObservedIndex) -> Bool {
        index.isUnique && index.isValid && desired[Table.deletionStamp] != nil
            && addedIndexes.contains { $0.isUnique && $0.columns == index.columns }
    }
}

/// How a column is not what a schema says.
package struct ColumnDifference: Sendable, Equatable {
    package var old: Column
    package var new: Column

    package var changesType: Bool { !old.type.isSame(as: new.type) }
    package var changesRequired: Bool { old.isRequired != new.isRequired }
    package var changesDefault: Bool {
        switch (old.defaultValue, new.defaultValue) {
        case (nil, nil): false
        case (let old?, let new?): !old.isSame(as: new, for: self.new.type)
        default: true
        }
    }
}
