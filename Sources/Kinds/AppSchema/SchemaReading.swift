import Diagnostics
import Resources
import Schemas

/// Makes a schema of what a document says, and reports what is wrong between its parts.
struct SchemaReading {
    private let spec: SchemaSpec
    private let app: AppDefinition
    private let origin: DocumentOrigin

    init(_ spec: SchemaSpec, app: AppDefinition, origin: DocumentOrigin) {
        self.spec = spec
        self.app = app
        self.origin = origin
    }

    /// The schema; nil when something is wrong with it, which is then reported.
    func schema(reporting findings: inout [Diagnostic]) -> Schema? {
        let count = findings.count
        let schema = draft
        for table in schema.tables {
            SchemaCheck(schema, table, app, origin).run(&findings)
        }
        return findings.count == count ? schema : nil
    }

    /// The schema, whatever may be wrong with it.
    var draft: Schema {
        var schema = Schema(tables: spec.tables.map(table))
        leaveDeletedRowsOut(of: &schema)
        for (index, entry) in spec.tables.enumerated() {
            addIndexes(entry.value, to: &schema.tables[index])
        }
        return schema
    }

    /// Reports names of a document with errors that lead nowhere: whatever else is wrong with it,
    /// its tables and columns are called as they are.
    func examine(reporting findings: inout [Diagnostic]) {
        let schema = draft
        for table in schema.tables {
            var check = SchemaCheck(schema, table, app, origin)
            check.isPartial = true
            check.checkMentions(&findings)
        }
    }

    private func table(_ entry: NamedEntry<TableSpec>) -> Table {
        let spec = entry.value
        var table = Table(
            entry.name, columns: spec.fields.map(column), uniques: spec.unique.map(\.columns),
            indexes: spec.index, isView: spec.isView, rules: rules(of: spec))
        for field in spec.fields
        where field.value.unique != .none && !table.uniques.contains([field.name]) {
            table.uniques.append([field.name])
        }
        if let auth = app.auth, entry.name == auth.table { Self.protect(&table, auth) }
        table.namespace = spec.namespace
        table.renamedFrom = spec.renamedFrom
        return table
    }

    /// Where rows are deleted softly, a value that a deleted one has is free again: unless it is
    /// declared otherwise, or a reference leads to it, as databases then want every row counted.
    private func leaveDeletedRowsOut(of schema: inout Schema) {
        let references = schema.tables.flatMap(\.columns).compactMap(\.foreign)
        for (index, entry) in spec.tables.enumerated() {
            let table = schema.tables[index]
            guard table.deletesSoftly, !table.isView else { continue }
            var whole = references.filter { $0.target == table.identity }.map { [$0.column] }
            whole += entry.value.unique.filter(\.isOfAll).map(\.columns)
            whole += entry.value.fields.filter { $0.value.unique == .all }.map { [$0.name] }
            whole.append(table.primaryKey.map(\.name))
            let live = table.uniques.filter { !whole.contains($0) }
            schema.tables[index].liveUniques = live.isEmpty ? nil : live
        }
    }

    private func addIndexes(_ spec: TableSpec, to table: inout Table) {
        for field in spec.fields {
            let (name, column) = (field.name, field.value)
            // A reference is followed backwards as often as forwards.
            let isIndexed = column.index ?? (column.foreign != nil)
            // What leaves rows out doesn't find them all.
            let isCovered =
                table.indexes.contains { $0.first == name }
                || table.uniques.contains {
                    $0.first == name && table.liveUniques?.contains($0) != true
                }
                || table.primaryKey.first?.name == name
            if isIndexed, !isCovered { table.indexes.append([name]) }
        }
    }

    /// A password's hash is nobody's to read or to write, and nobody gives a role to themselves:
    /// unless the schema says who may set it, that is `admin`.
    private static func protect(_ people: inout Table, _ auth: SignIn) {
        for index in people.columns.indices {
            switch people.columns[index].name {
            case auth.password:
                people.columns[index].access = FieldAccess(readers: [], writers: [])
            case auth.role where people.columns[index].access.writers == nil:
                people.columns[index].access.writers = ["admin"]
            default: break
            }
        }
    }

    private func rules(of spec: TableSpec) -> TableRules {
        var rules = TableRules()
        rules.operations = spec.isView ? spec.crud.filter { $0 == .list || $0 == .show } : spec.crud
        rules.publicOperations = spec.publicOperations
        rules.filters = spec.filter
        rules.order = spec.order
        rules.namedFilters = spec.filters
        rules.softDelete = spec.softDelete
        rules.cascade = spec.cascade
        rules.requiresMatch = spec.concurrency == .required
        return rules
    }

    private func column(_ entry: NamedEntry<ColumnSpec>) -> Column {
        let spec = entry.value
        var column = Column(entry.name, type(of: spec))
        column.renamedFrom = spec.renamedFrom
        column.isPrimary = spec.isPrimary
        column.isAuto = spec.isAuto
        column.isRequired = spec.isRequired || spec.isPrimary
        column.defaultValue = defaultValue(of: spec)
        column.check = spec.check
        column.generated = spec.generated
        column.stamp = spec.createdAt ? .created : spec.updatedAt ? .updated : nil
        column.foreign = spec.foreign.flatMap { foreignKey($0, spec) }
        column.access = FieldAccess(readers: spec.read, writers: spec.write)
        return column
    }

    private func type(of spec: ColumnSpec) -> ColumnType {
        switch spec.type {
        case .string: ColumnType(.string, maximum: spec.max ?? 255)
        case .decimal:
            ColumnType(
                .decimal, precision: spec.precision,
                scale: spec.precision == nil ? nil : spec.scale ?? 0)
        case .enumeration: ColumnType(.enumeration, values: spec.values ?? [])
        default: ColumnType(spec.type)
        }
    }

    private func defaultValue(of spec: ColumnSpec) -> DefaultValue? {
        if let sql = spec.defaultSQL { return .expression(sql) }
        guard let text = spec.defaultText else { return nil }
        switch (text, spec.type) {
        case ("null", _): return nil
        case ("now", .datetime), ("now", .date): return .now
        case ("uuid", .uuid): return .uuid
        // YAML writes truth in other ways too.
        case ("True", .bool), ("TRUE", .bool): return .literal("true")
        case ("False", .bool), ("FALSE", .bool): return .literal("false")
        default: return .literal(text)
        }
    }

    /// `table.column`; the last point divides, as a table's name may hold one.
    private func foreignKey(_ text: String, _ spec: ColumnSpec) -> ForeignKey? {
        guard let point = text.lastIndex(of: ".") else { return nil }
        return ForeignKey(
            table: String(text[..<point]), namespace: spec.foreignSchema,
            column: String(text[text.index(after: point)...]), onDelete: spec.onDelete)
    }
}
