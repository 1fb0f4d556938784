import ArgumentParser
import Diagnostics
import Resources

/// A kind's page for the terminal, made of its field table.
struct KindManual {
    let entry: KindEntry
    let terminal: Terminal

    /// Every field, one line of facts and one of words, then the example.
    var page: String {
        var lines = [
            "\(terminal.paint(entry.name.rawValue, .bold)): \(entry.summary)",
            "", terminal.paint("Fields", .bold),
        ]
        for field in allFields {
            lines.append("  " + headline(field))
            lines.append("      " + field.documentation)
        }
        lines += ["", terminal.paint("Example", .bold)]
        lines += entry.example.split(separator: "\n", omittingEmptySubsequences: false)
            .map { "  " + $0 }
        return Terminal.lines(lines)
    }

    /// One field's page. `path` leads to it: `["nginx", "reload"]`.
    ///
    /// - Throws: a usage error when there is no such field.
    func field(_ path: [String]) throws -> String {
        var fields = allFields
        var found: FieldDescription?
        for name in path {
            guard let field = fields.first(where: { $0.name == name }) else {
                let hint =
                    Suggestion.sentence(for: name, among: fields.map(\.name))
                    ?? "the fields are \(fields.map(\.name).joined(separator: ", "))"
                throw ValidationError("unknown field `\(name)`: \(hint)")
            }
            found = field
            fields = Self.nested(field.schema)
        }
        guard let found else { return page }
        var lines = [headline(found), "    " + found.documentation]
        lines.append("    example: \(found.name): \(found.example)")
        if !fields.isEmpty {
            lines += ["", terminal.paint("Fields", .bold)]
            for field in fields {
                lines += ["  " + headline(field), "      " + field.documentation]
            }
        }
        return Terminal.lines(lines)
    }

    private var allFields: [FieldDescription] {
        DocumentHead.table.descriptions + entry.fields
    }

    private func headline(_ field: FieldDescription) -> String {
        let need =
            field.isRequired
            ? "required" : field.defaultText.map { "default \($0)" } ?? "optional"
        let facts = terminal.paint("(\(field.type), \(need))", .dim)
        return "\(terminal.paint(field.name, .cyan))  \(facts)"
    }

    private static func nested(_ schema: FieldSchema) -> [FieldDescription] {
        switch schema {
        case .record(let fields): fields
        case .list(let element, _), .map(let element): nested(element)
        case .oneOf(let choices): choices.flatMap(nested)
        default: []
        }
    }
}
