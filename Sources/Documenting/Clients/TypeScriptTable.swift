import Schemas

/// The types of one table.
struct TypeScriptTable {
    let app: ServedApp
    let table: ServedTable

    init(_ app: ServedApp, _ table: ServedTable) {
        self.app = app
        self.table = table
    }

    private var name: String { table.typeName }
    private var title: String { TypeScriptClient.line(table.table.name) }

    var lines: [String] {
        var lines = [
            "", "/** A row of \(title). */", "export interface \(name) {",
        ]
        lines += table.readable.map { field($0, isOptional: false) }
        lines += ["}", "", "/** What `include` adds to a row. */"]
        lines.append("export interface \(name)Relations {")
        for relation in table.relations {
            guard let far = app.table(relation.table) else { continue }
            let type = relation.isList ? "\(far.typeName)Row[]" : "\(far.typeName)Row | null"
            lines.append("  \(TypeScriptClient.member(relation.name))?: \(type);")
        }
        lines += ["}", "", "export type \(name)Row = \(name) & \(name)Relations;"]
        if table.operations.contains(.create) {
            lines += ["", "/** A new row of \(title). */", "export interface \(name)Create {"]
            lines += table.creatable.map { column in
                field(column, isOptional: !table.isRequiredOnCreate(column))
            }
            lines.append("}")
        }
        if table.operations.contains(.update) {
            lines += ["", "/** Fields to change. */", "export interface \(name)Patch {"]
            lines += table.updatable.map { field($0, isOptional: true) }
            lines.append("}")
        }
        return lines
    }

    private func field(_ column: Column, isOptional: Bool) -> String {
        let isNullable = !column.isRequired && !column.isPrimary
        let type = Self.type(of: column.type) + (isNullable ? " | null" : "")
        return "  \(TypeScriptClient.member(column.name))\(isOptional ? "?" : ""): \(type);"
    }

    static func type(of type: ColumnType) -> String {
        switch type.base {
        case .int, .float: return "number"
        case .bool: return "boolean"
        case .json: return "unknown"
        case .enumeration:
            let values = (type.values ?? []).map(TypeScriptClient.literal)
            return values.isEmpty ? "string" : values.joined(separator: " | ")
        default: return "string"
        }
    }

    /// The type of the client's member, and of the object that it holds.
    var clientType: (served: String, whole: String) {
        let key = table.table.primaryKey.map { Self.type(of: $0.type) }
        let create = table.operations.contains(.create) ? "\(name)Create" : "never"
        let patch = table.operations.contains(.update) ? "\(name)Patch" : "never"
        let keys =
            key.count == 1 ? key[0] : key.isEmpty ? "never" : "[\(key.joined(separator: ", "))]"
        let arguments = [
            name, "\(name)Relations", create, patch, keys,
            table.table.rules.requiresMatch ? "true" : "false",
        ]
        let whole = "Table<\(arguments.joined(separator: ", "))>"
        let names = methods.map { "\"\($0)\"" }.joined(separator: " | ")
        return ("Pick<\(whole), \(names)>", whole)
    }

    private var methods: [String] {
        var methods: [String] = []
        for operation in table.operations {
            switch operation {
            case .list: methods += ["list", "all"]
            case .show: if table.hasKey { methods.append("show") }
            case .create: methods += ["create", "createMany"]
            case .update: if table.hasKey { methods += ["update", "replace"] }
            case .delete:
                if table.hasKey { methods.append("delete") }
                if table.hasKey, table.seesDeleted { methods += ["restore", "purge"] }
            }
        }
        return methods.isEmpty ? ["path"] : methods
    }
}

/// The class by which one signs in; nothing for an app without.
struct TypeScriptSignIn {
    let app: ServedApp

    init(_ app: ServedApp) {
        self.app = app
    }

    var lines: [String] {
        guard let auth = app.app.auth else { return [""] }
        var lines = ["", "/** Who is signed in. */", "export interface Account {"]
        for column in app.people?.readable ?? [] {
            let isNullable = !column.isRequired && !column.isPrimary
            let type = TypeScriptTable.type(of: column.type) + (isNullable ? " | null" : "")
            lines.append("  \(TypeScriptClient.member(column.name)): \(type);")
        }
        lines += ["}", TypeScriptRuntime.auth]
        let login = TypeScriptClient.member(auth.login)
        if auth.allowsRegistration {
            let further = app.registrationColumns.map { column in
                let mark = column.mustBeGiven ? "" : "?"
                let type = TypeScriptTable.type(of: column.type)
                return "\(TypeScriptClient.member(column.name))\(mark): \(type)"
            }
            let fields = ["\(login): string", "password: string"] + further
            lines += [
                "", "  /** Makes an account, and signs in. */",
                "  register(account: { \(fields.joined(separator: "; ")) }): Promise<Session> {",
                "    return this.begin(\"/auth/register\", account);", "  }",
            ]
        }
        lines += [
            "", "  /** Signs in: later requests carry the token. */",
            "  login(\(Self.parameter(auth.login)): string, password: string): Promise<Session> {",
            "    return this.begin(\"/auth/login\", "
                + "{ \(login): \(Self.parameter(auth.login)), password });",
            "  }", "}", "",
        ]
        return lines
    }

    private static func parameter(_ name: String) -> String {
        var names = Identifiers(reserved: TypeScriptRuntime.words.union(["password", "this"]))
        return names.name(name)
    }
}
