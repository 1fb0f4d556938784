package import Schemas

/// What an app's tables hold, for programs: the whole answers of `GET …/_schema` and
/// `GET …/_schema/TABLE`.
package enum DataDictionary {
    /// Every table that a role may do something with.
    package static func schema(of release: Release, role: CallerRole) -> [UInt8] {
        let app = ServedApp(release, role: role)
        return answer { json in
            json.member("app", app.app.name)
            json.member("base_path", app.basePath)
            if let auth = app.app.auth {
                json.object("auth") { writer in
                    writer.member("table", auth.table)
                    writer.member("login", auth.login)
                    writer.member("register", auth.allowsRegistration)
                }
            }
            json.array("tables") { list in
                for table in app.tables { list.object { write(table, to: &$0) } }
            }
        }
    }

    /// One table; nil where there is none, or none for the role.
    package static func table(
        _ name: String, of release: Release, role: CallerRole
    ) -> [UInt8]? {
        let app = ServedApp(release, role: role)
        guard let table = app.tables.first(where: { $0.table.name == name }) else { return nil }
        return answer { write(table, to: &$0) }
    }

    private static func answer(_ data: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.object { answer in
            answer.member("success", true)
            answer.object("data", data)
            answer.object("meta") { _ in }
        }
        return json.bytes
    }

    private static func write(_ served: ServedTable, to json: inout JSONWriter) {
        let table = served.table
        json.member("name", table.name)
        json.member("path", served.path)
        json.member("view", table.isView)
        json.array("key", table.primaryKey.map(\.name))
        json.array("operations", served.operations.map(\.rawValue))
        json.array("public", served.operations.filter(served.isPublic).map(\.rawValue))
        json.array("fields") { list in
            for column in served.readable { list.object { write(column, served, to: &$0) } }
        }
        let readable = Set(served.readable.map(\.name))
        json.array("unique") { list in
            for unique in table.uniques where unique.allSatisfy(readable.contains) {
                list.object { $0.array("columns", unique) }
            }
        }
        json.array("relations") { list in
            for relation in served.relations { list.object { write(relation, to: &$0) } }
        }
        writeFilters(of: table, to: &json)
        if let order = table.rules.order { json.member("order", order) }
        json.member("soft_delete", table.deletesSoftly)
        json.member("if_match_required", table.rules.requiresMatch)
    }

    private static func write(
        _ column: Column, _ table: ServedTable, to json: inout JSONWriter
    ) {
        let type = column.type
        json.member("name", column.name)
        json.member("type", type.base.rawValue)
        if let maximum = type.maximum { json.member("max", maximum) }
        if let precision = type.precision {
            json.member("precision", precision)
            json.member("scale", type.scale ?? 0)
        }
        if let values = type.values { json.array("values", values) }
        json.member("nullable", !column.isRequired && !column.isPrimary)
        json.member("create", table.creatable.contains { $0.name == column.name })
        json.member("update", table.updatable.contains { $0.name == column.name })
        json.member("required", column.mustBeGiven)
        if let value = column.defaultValue?.json(for: type) { json.raw("default", value) }
        if let foreign = column.foreign {
            json.object("references") { reference in
                reference.member("table", foreign.table)
                reference.member("column", foreign.column)
                reference.member("on_delete", foreign.onDelete.rawValue)
            }
        }
        let operators = FilterOperator.allCases.filter { $0.applies(to: type) }
        json.array("operators", operators.map(\.rawValue))
    }

    private static func write(_ relation: Relation, to json: inout JSONWriter) {
        json.member("name", relation.name)
        switch relation.kind {
        case .parent: json.member("kind", "parent")
        case .children: json.member("kind", "children")
        case .manyToMany(let through, _, _):
            json.member("kind", "many_to_many")
            json.member("through", through.name)
        }
        json.member("table", relation.table.name)
        json.member("column", relation.nearColumn)
        json.member("far_column", relation.farColumn)
    }

    private static func writeFilters(of table: Table, to json: inout JSONWriter) {
        json.array("filters") { list in
            for (name, condition) in table.rules.namedFilters.sorted(by: { $0.key < $1.key }) {
                list.object { filter in
                    filter.member("name", name)
                    filter.array("parameters") { parameters in
                        for parameter in NamedFilter(name, condition, table).parameters {
                            parameters.object { member in
                                member.member("name", parameter.name)
                                member.member("type", parameter.type.base.rawValue)
                            }
                        }
                    }
                }
            }
        }
    }
}
