import Schemas

/// The schema of a table's rows as they are read.
struct TableSchemas {
    let app: ServedApp
    let table: ServedTable

    init(_ app: ServedApp, _ table: ServedTable) {
        self.app = app
        self.table = table
    }

    func write(to json: inout JSONWriter) {
        json.object(table.typeName) { writeRow(to: &$0) }
    }

    /// No field is required, as `fields` leaves some out.
    private func writeRow(to json: inout JSONWriter) {
        json.member("type", "object")
        json.member("additionalProperties", false)
        let writable = Set((table.creatable + table.updatable).map(\.name))
        json.object("properties") { properties in
            for column in table.readable {
                properties.object(column.name) { schema in
                    ValueSchema(column: column, use: .output).write(to: &schema)
                    if !writable.contains(column.name) { schema.member("readOnly", true) }
                }
            }
            for relation in table.relations { writeRelation(relation, to: &properties) }
        }
    }

    private func writeRelation(_ relation: Relation, to json: inout JSONWriter) {
        guard let far = app.table(relation.table) else { return }
        let reference = ##"{"$ref":"#/components/schemas/\##(far.typeName)"}"##
        json.object(relation.name) { schema in
            schema.member("description", "With `include=\(relation.name)`.")
            schema.member("readOnly", true)
            if relation.isList {
                schema.member("type", "array")
                schema.raw("items", reference)
            } else {
                schema.array("anyOf") { choices in
                    choices.raw(reference)
                    choices.raw(#"{"type":"null"}"#)
                }
            }
        }
    }
}

extension DefaultValue {
    /// As JSON; nil for what only the database knows, and for what is not of the type.
    func json(for type: ColumnType) -> String? {
        guard case .literal(let text) = self else { return nil }
        switch type.base {
        case .int: return Int(text).map(String.init)
        case .bool: return ["true", "1"].contains(text) ? "true" : "false"
        case .string, .text, .enumeration:
            var writer = JSONWriter(capacity: text.utf8.count + 2)
            writer.value(text)
            return String(decoding: writer.bytes, as: UTF8.self)
        default: return nil
        }
    }
}
