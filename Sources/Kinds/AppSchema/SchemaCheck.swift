import Diagnostics
import Resources
import Schemas

/// Holds the parts of a schema against each other, and against what the app's engine can do.
struct SchemaCheck {
    let schema: Schema
    let table: Table
    let app: AppDefinition
    let origin: DocumentOrigin
    let place: String
    /// Whether what could not be read is left out: a type is then not known for certain.
    var isPartial = false

    init(_ schema: Schema, _ table: Table, _ app: AppDefinition, _ origin: DocumentOrigin) {
        self.schema = schema
        self.table = table
        self.app = app
        self.origin = origin
        place = "tables.\(table.name)"
    }

    func run(_ findings: inout [Diagnostic]) {
        for column in table.columns {
            checkType(of: column, &findings)
            checkDefault(of: column, &findings)
            checkForeignKey(of: column, &findings)
            checkKey(column, &findings)
            checkNames(of: column, &findings)
        }
        checkTable(&findings)
        checkMentions(&findings)
    }

    /// What names a column, or needs one.
    func checkMentions(_ findings: inout [Diagnostic]) {
        checkIndexes(&findings)
        checkRules(&findings)
        checkFilters(&findings)
    }

    func report(
        _ findings: inout [Diagnostic], _ field: String, _ summary: String,
        code: DiagnosticCode = .fieldValue, why: String? = nil, fix: String? = nil
    ) {
        findings.append(
            origin.diagnostic(code, at: "\(place).\(field)", summary, why: why, fix: fix))
    }

    // MARK: - Columns

    private func checkType(of column: Column, _ findings: inout [Diagnostic]) {
        let field = "fields.\(column.name)"
        let engine = app.database.engine
        if SchemaRecord.isReserved(column: column.name) {
            report(&findings, field, "this name is Stead's own", fix: "take another one")
        }
        switch column.type.base {
        case .enumeration:
            let values = column.type.values ?? []
            if values.isEmpty {
                report(&findings, field, "an enum needs `values`", fix: "add `values: [a, b]`")
            } else if Set(values).count != values.count {
                report(&findings, "\(field).values", "the same value stands twice")
            }
        case .decimal:
            checkDigits(of: column, field, &findings)
        case .string:
            if engine == .mariadb, column.type.maximum ?? 255 > 16_383 {
                report(
                    &findings, "\(field).max", "MariaDB has no strings of more than 16383",
                    fix: "make it a text")
            }
        default: break
        }
        if column.generated != nil, column.defaultValue != nil || column.isAuto {
            report(
                &findings, "\(field).generated", "`generated` and a default exclude each other",
                code: .fieldConflict)
        }
        if column.stamp != nil, column.type.base != .datetime {
            report(&findings, field, "only a datetime can be set by the clock")
        }
    }

    private func checkNames(of column: Column, _ findings: inout [Diagnostic]) {
        for (field, sql) in [("generated", column.generated), ("check", column.check)] {
            guard let sql, let renamed = table.renamedColumn(in: sql, app.database.engine),
                let former = renamed.renamedFrom
            else { continue }
            report(
                &findings, "fields.\(column.name).\(field)",
                "`\(former)` is called `\(renamed.name)` now", code: .referenceUnknown,
                why: "`\(renamed.name)` has `renamedFrom: \(former)`",
                fix: "write `\(renamed.name)` here too")
        }
    }

    private func checkDigits(
        of column: Column, _ field: String, _ findings: inout [Diagnostic]
    ) {
        guard let precision = column.type.precision else {
            if app.database.engine != .postgres {
                report(
                    &findings, field, "a decimal needs a `precision`",
                    why: "\(app.database.engine.rawValue) has none without",
                    fix: "add `precision: 10, scale: 2`")
            }
            return
        }
        if column.type.scale ?? 0 > precision {
            report(&findings, "\(field).scale", "`scale` must not be more than `precision`")
        }
        if app.database.engine == .sqlite, precision > 15 {
            report(
                &findings, "\(field).precision", "SQLite keeps 15 digits of a decimal",
                fix: "use fewer digits, or a string")
        }
    }

    private func checkForeignKey(of column: Column, _ findings: inout [Diagnostic]) {
        let field = "fields.\(column.name).foreign"
        guard let foreign = column.foreign else {
            if origin.places["\(place).\(field)"] != nil {
                report(
                    &findings, field, "must be a table and its column",
                    fix: "write it as `users.id`")
            }
            return
        }
        let target = schema.tables.first { $0.identity == foreign.target }
        guard let target else {
            report(
                &findings, field, "unknown table `\(foreign.table)`", code: .referenceUnknown,
                fix: Suggestion.sentence(
                    for: foreign.table, among: schema.tables.map(\.name)))
            return
        }
        guard let other = target[foreign.column] else {
            report(
                &findings, field, "`\(foreign.table)` has no column `\(foreign.column)`",
                code: .referenceUnknown,
                fix: Suggestion.sentence(
                    for: foreign.column, among: target.columns.map(\.name)))
            return
        }
        if target.primaryKey.map(\.name) != [other.name], !target.uniques.contains([other.name]) {
            report(
                &findings, field, "`\(foreign.table).\(other.name)` is neither key nor unique",
                why: "a reference must lead to one row")
        }
        if other.type.base != column.type.base {
            report(
                &findings, field,
                "is a \(column.type) and `\(foreign.table).\(other.name)` a \(other.type)")
        }
        if foreign.onDelete == .setNull, column.isRequired {
            report(
                &findings, "fields.\(column.name).onDelete",
                "`set null` needs a column that may be null", code: .fieldConflict)
        }
    }

    private func checkKey(_ column: Column, _ findings: inout [Diagnostic]) {
        let field = "fields.\(column.name).auto"
        guard column.isAuto else { return }
        let canBe: Set<ColumnType.Base> = [.int, .uuid]
        if !canBe.contains(column.type.base) {
            report(&findings, field, "only an int or a uuid can be `auto`")
        } else if column.type.base == .int, !column.isPrimary || table.primaryKey.count != 1 {
            report(&findings, field, "only a primary key of its own is numbered")
        }
    }

    // MARK: - Tables

    private func checkTable(_ findings: inout [Diagnostic]) {
        if !table.isView, table.primaryKey.isEmpty {
            report(
                &findings, "fields", "the table needs a primary key",
                why: "rows are named by it in the API", fix: "add `primary: true` to a field")
        }
        if SchemaRecord.isInternal(table.name) {
            report(&findings, "fields", "names that begin with _stead_ are Stead's own")
        }
        if table.namespace != nil, app.database.engine != .postgres {
            report(&findings, "schema", "only PostgreSQL has schemas", code: .fieldConflict)
        }
        let others = schema.tables.filter { $0.name == table.name }
        if others.count > 1 { report(&findings, "fields", "this table is declared twice") }
    }

    private func checkIndexes(_ findings: inout [Diagnostic]) {
        let lists = table.uniques.map { ("unique", $0) } + table.indexes.map { ("index", $0) }
        for (field, columns) in lists {
            for name in columns {
                guard let column = table[name] else {
                    report(
                        &findings, field, "unknown column `\(name)`", code: .referenceUnknown,
                        fix: Suggestion.sentence(
                            for: name, among: table.columns.map(\.name)))
                    continue
                }
                let isLong = [.text, .json, .blob].contains(column.type.base)
                if isLong, !isPartial, app.database.engine == .mariadb {
                    report(
                        &findings, field, "MariaDB can't index `\(name)`, a \(column.type)",
                        fix: "make it a string with a `max`")
                }
            }
        }
    }

    private func checkRules(_ findings: inout [Diagnostic]) {
        if table.rules.filters.contains(where: { $0.condition == .owner }) { checkOwner(&findings) }
        if table.rules.softDelete == true, !isPartial, table["deleted_at"]?.type.base != .datetime {
            report(
                &findings, "softDelete", "needs a column `deleted_at` of type datetime",
                fix: "add `deleted_at: {type: datetime}`")
        }
        guard let order = table.rules.order else { return }
        for part in order.split(separator: ",") {
            let name = part.split(separator: " ").first.map(String.init) ?? ""
            guard table[name] == nil else { continue }
            report(
                &findings, "order", "unknown column `\(name)`", code: .referenceUnknown,
                fix: Suggestion.sentence(for: name, among: table.columns.map(\.name)))
        }
    }

    private func checkOwner(_ findings: inout [Diagnostic]) {
        guard let auth = app.auth else {
            report(
                &findings, "filter", "`owner` needs a table of people",
                fix: "add `auth: {table: users}` to the app")
            return
        }
        if table.ownerColumn(signIn: auth) == nil {
            report(
                &findings, "filter", "no column refers to `\(auth.table)`",
                why: "it says whose a row is",
                fix: "add `user_id: {type: int, foreign: \(auth.table).id}`")
        }
    }
}
