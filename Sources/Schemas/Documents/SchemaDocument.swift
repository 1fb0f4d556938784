/// A database as the document that declares it.
///
/// What a document can't say stands in comments at its top, and stays as it is.
package struct SchemaDocument {
    private let engine: DatabaseEngine
    private let app: String
    private let place: String
    private let tables: [ObservedTable]
    private var remarks: [String]
    private let signIn: SignIn?

    /// - Parameters:
    ///   - observed: what the database holds.
    ///   - engine: the database's.
    ///   - app: the name of the app.
    ///   - place: the database, for people.
    package init(
        of observed: ObservedSchema, on engine: DatabaseEngine, app: String, place: String
    ) {
        self.engine = engine
        self.app = app
        self.place = place
        var remarks = observed.unexpressed
        var names: Set<String> = []
        tables = observed.tables.filter { seen in
            let table = seen.table
            if SchemaRecord.isInternal(table.name) { return false }
            if !table.isView, table.primaryKey.isEmpty {
                remarks.append("table \(table.name): it has no primary key")
                return false
            }
            guard names.insert(table.name).inserted else {
                remarks.append("table \(table.namespace ?? "").\(table.name): the name is taken")
                return false
            }
            return true
        }
        for table in tables {
            for (column, type) in table.foreignTypes.sorted(by: { $0.key < $1.key }) {
                remarks.append("\(table.table.name).\(column): \(type), served as text or number")
            }
            for (column, collation) in table.collations {
                remarks.append("\(table.table.name).\(column): text is compared by \(collation)")
            }
        }
        self.remarks = remarks
        signIn = Self.signIn(among: tables)
    }

    /// The document, with its comments.
    package var text: String {
        var writing = self
        var body = "kind: Schema\nname: \(YAMLScalar.text(app))\n"
        body += tables.isEmpty ? "tables: {}\n" : "tables:\n"
        for table in tables { body += writing.text(of: table) }
        return writing.comments + body
    }

    // MARK: - Comments

    private var comments: String {
        var lines = [
            "Read from \(place) by `stead schema introspect`.", "", "An app.yaml to begin with:",
        ]
        lines += ["  kind: App", "  name: \(YAMLScalar.text(app))"]
        lines.append("  database: {engine: \(engine.rawValue), …}")
        if let signIn {
            var auth = "table: \(YAMLScalar.text(signIn.table))"
            auth += ", login: \(YAMLScalar.text(signIn.login))"
            auth += ", password: \(YAMLScalar.text(signIn.password))"
            lines.append("  auth: {\(auth)}")
        }
        if !remarks.isEmpty {
            lines += ["", "What a schema can't say, and what stays as it is:"]
            lines += remarks.map { "- \($0)" }
        }
        lines += openTables + reusedKeys
        // No remark may end its comment.
        return lines.flatMap {
            $0.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        }
        .map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined()
    }

    /// Tables that the document leaves to everybody: whose their rows are, nobody can read from a
    /// database.
    private var openTables: [String] {
        guard let signIn else { return [] }
        let schema = Schema(tables: tables.map { $0.asDeclared() })
        let open = schema.tables.filter { $0.ownerColumn(signIn: signIn) == nil }
        guard !open.isEmpty else { return [] }
        let lines = open.map { table in
            let filter = schema.ownFilter(of: table, signIn: signIn, on: engine)
            return "- \(table.name)" + (filter.map { ": filter: \(YAMLScalar.text($0))" } ?? "")
        }
        return [
            "", "Every signed-in caller sees every row of these, and changes it, if not a view.",
            "Add a `filter`, or `filter: all` where that is meant:",
        ] + lines
    }

    /// People whose keys SQLite gives out again.
    private var reusedKeys: [String] {
        guard engine == .sqlite, let signIn,
            let people = tables.first(where: { $0.table.name == signIn.table }),
            !people.isSequenced, people.table.primaryKey.allSatisfy(\.isAuto)
        else { return [] }
        return [
            "", "\(signIn.table) was made without AUTOINCREMENT: SQLite gives the key of a deleted",
            "person to the next one. Delete people through the API alone, or by `deleted_at`.",
        ]
    }

    // MARK: - Sign-in

    private static func signIn(among tables: [ObservedTable]) -> SignIn? {
        let passwords = ["password_hash", "encrypted_password", "password", "passwd"]
        for seen in tables where !seen.table.isView && seen.table.primaryKey.count == 1 {
            let uniques = seen.asDeclared().uniques
            let login = ["email", "login", "username"].first {
                seen.table[$0] != nil && uniques.contains([$0])
            }
            guard let login, let password = passwords.first(where: { seen.table[$0] != nil })
            else { continue }
            var signIn = SignIn()
            signIn.table = seen.table.name
            signIn.login = login
            signIn.password = password
            return signIn
        }
        return nil
    }

    // MARK: - Tables

    private mutating func text(of seen: ObservedTable) -> String {
        let table = seen.asDeclared()
        var text = "  \(YAMLScalar.key(table.name)):\n"
        if let namespace = table.namespace { text += "    schema: \(YAMLScalar.text(namespace))\n" }
        if table.isView { text += "    view: true\n" }
        text += "    fields:\n"
        for column in table.columns {
            let parts = table.isView ? typeParts(column.type) : parts(of: column, in: table)
            text += "      \(YAMLScalar.key(column.name)): {\(parts.joined(separator: ", "))}\n"
        }
        guard !table.isView else { return text }
        for (field, isUnique) in [("unique", true), ("index", false)] {
            var shapes: [IndexShape] = []
            for shape in table.shapes where shape.isUnique == isUnique {
                if !shapes.contains(shape) { shapes.append(shape) }
            }
            guard !shapes.isEmpty else { continue }
            let lists = shapes.map { list($0, of: table) }.joined(separator: ", ")
            text += "    \(field): [\(lists)]\n"
        }
        return text + rules(of: table)
    }

    private func list(_ shape: IndexShape, of table: Table) -> String {
        let columns = YAMLScalar.list(shape.columns)
        return shape.isUnique && !shape.isLive && table.deletesSoftly
            ? "{all: \(columns)}" : columns
    }

    private func rules(of table: Table) -> String {
        var text = ""
        // Of the table of people, one sees oneself.
        if let signIn, table.ownerColumn(signIn: signIn) != nil {
            text += "    filter: owner\n"
        }
        if table.deletesSoftly { text += "    softDelete: true\n" }
        let isCascading = tables.contains { other in
            other.table.columns.contains {
                $0.foreign?.target == table.identity && $0.foreign?.onDelete == .cascade
            }
        }
        return isCascading ? text + "    cascade: true\n" : text
    }

    // MARK: - Columns

    private mutating func parts(of column: Column, in table: Table) -> [String] {
        var parts = typeParts(column.type)
        let isSoleKey = column.isPrimary && table.primaryKey.count == 1
        if column.isPrimary { parts.append("primary: true") }
        if column.isAuto, isSoleKey { parts.append("auto: true") }
        if column.isAuto, !isSoleKey { remarks.append("\(table.name).\(column.name): numbered") }
        if column.isRequired, !column.isPrimary { parts.append("required: true") }
        if let generated = column.generated {
            parts.append("generated: \(YAMLScalar.text(generated))")
        } else if let value = column.defaultValue {
            parts.append(self.defaultValue(value, for: column.type))
        }
        if let check = column.check { parts.append("check: \(YAMLScalar.text(check))") }
        if column.type.base == .datetime, column.generated == nil {
            if column.name == "created_at" { parts.append("createdAt: true") }
            if column.name == "updated_at" { parts.append("updatedAt: true") }
        }
        return parts + reference(of: column, in: table)
    }

    private func typeParts(_ type: ColumnType) -> [String] {
        var parts = ["type: \(type.base.rawValue)"]
        if let maximum = type.maximum { parts.append("max: \(maximum)") }
        if let precision = type.precision {
            parts += ["precision: \(precision)", "scale: \(type.scale ?? 0)"]
        }
        if let values = type.values { parts.append("values: \(YAMLScalar.list(values))") }
        return parts
    }

    private func defaultValue(_ value: DefaultValue, for type: ColumnType) -> String {
        let dialect = Dialect(engine)
        switch (value, type.base) {
        case (.now, .date), (.now, .datetime): return "default: now"
        case (.now, _): return "defaultSQL: CURRENT_TIMESTAMP"
        case (.uuid, .uuid): return "default: uuid"
        case (.uuid, _):
            return "defaultSQL: \(YAMLScalar.text(dialect.expression(.uuid, for: type)))"
        case (.expression(let sql), _): return "defaultSQL: \(YAMLScalar.text(sql))"
        case (.literal(let text), .bool):
            return "default: \(["1", "true", "t"].contains(text.lowercased()))"
        case (.literal(let text), _):
            // What a document takes for more than its words, or for no value of the type.
            let isWord = ["null", "now", "uuid"].contains(text)
            let isOdd = type.expectation(ofDefault: text, on: engine) != nil
            return isWord || isOdd || text.utf8.contains(0)
                ? "defaultSQL: \(YAMLScalar.text(sql(for: text)))"
                : "default: \(YAMLScalar.text(text))"
        }
    }

    /// Text in SQL; in hexadecimal where it holds what no document may.
    private func sql(for text: String) -> String {
        guard engine != .postgres, text.utf8.contains(where: { $0 < 0x20 }) else {
            return Dialect(engine).literal(text)
        }
        let digits = text.utf8.map { byte in
            (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
        }
        return "x'\(digits.joined())'"
    }

    private mutating func reference(of column: Column, in table: Table) -> [String] {
        guard let foreign = column.foreign else { return [] }
        let target = tables.first { $0.table.identity == foreign.target }?.asDeclared()
        let far = target?[foreign.column]
        let leadsToOne =
            target?.primaryKey.map(\.name) == [foreign.column]
            || target?.uniques.contains([foreign.column]) == true
        let isPossible = !(foreign.onDelete == .setNull && column.isRequired)
        guard let far, leadsToOne, far.type.base == column.type.base, isPossible,
            !foreign.column.contains(".")
        else {
            remarks.append(
                "\(table.name).\(column.name): it refers to \(foreign.table).\(foreign.column)")
            return []
        }
        var parts = ["foreign: \(YAMLScalar.text(foreign.table + "." + foreign.column))"]
        if let namespace = foreign.namespace {
            parts.append("foreignSchema: \(YAMLScalar.text(namespace))")
        }
        if foreign.onDelete != .restrict { parts.append("onDelete: \(foreign.onDelete.rawValue)") }
        let isCovered =
            table.indexes.contains { $0.first == column.name }
            || table.shapes.contains { $0.isUnique && !$0.isLive && $0.columns[0] == column.name }
            || table.primaryKey.first?.name == column.name
        return isCovered ? parts : parts + ["index: false"]
    }
}
