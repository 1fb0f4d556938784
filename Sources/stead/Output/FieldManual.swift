import ArgumentParser
import Diagnostics
import Manifests
import Resources

/// The page of a kind, or of the settings, for the terminal; made of its field table.
struct FieldManual {
    let title: String
    let summary: String
    let fields: [FieldDescription]
    /// A document; nil where the fields' own examples say enough.
    let example: String?
    let terminal: Terminal

    /// What documents of a kind may hold.
    init(_ entry: KindEntry, _ terminal: Terminal) {
        title = entry.name.rawValue
        summary = entry.summary
        fields = DocumentHead.table.descriptions + entry.fields
        example = entry.example
        self.terminal = terminal
    }

    /// What `desired/stead.yaml` may hold.
    init(settings terminal: Terminal) {
        title = Self.settingsTitle
        summary = Self.settingsSummary
        fields = SettingsTable.table.descriptions
        example = nil
        self.terminal = terminal
    }

    static let settingsTitle = "stead.yaml"
    static let settingsSummary = "The settings of desired state, in `desired/stead.yaml`."

    /// Every field, one line of facts and one of words, then the example.
    var page: String {
        var lines = [
            "\(terminal.paint(title, .bold)): \(summary)",
            "", terminal.paint("Fields", .bold),
        ]
        for field in fields {
            lines.append("  " + headline(field))
            lines.append("      " + field.documentation)
        }
        guard let example else {
            let words = "`stead explain \(title).FIELD` shows the fields within one."
            return Terminal.lines(lines + ["", words])
        }
        lines += ["", terminal.paint("Example", .bold)]
        lines += example.split(separator: "\n", omittingEmptySubsequences: false)
            .map { "  " + $0 }
        return Terminal.lines(lines)
    }

    /// One field's page. `path` leads to it: `["nginx", "reload"]`.
    ///
    /// - Throws: a usage error when there is no such field.
    func field(_ path: [String]) throws -> String {
        var fields = self.fields
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

    private func headline(_ field: FieldDescription) -> String {
        let need =
            field.isRequired
            ? "required" : field.defaultText.map { "default \($0)" } ?? "optional"
        let facts = terminal.paint("(\(field.type), \(need))", .dim)
        return "\(terminal.paint(field.name, .cyan))  \(facts)"
    }

    /// One that several choices have is named once.
    private static func nested(_ schema: FieldSchema) -> [FieldDescription] {
        switch schema {
        case .record(let fields): fields
        case .list(let element, _), .map(let element): nested(element)
        case .oneOf(let choices):
            choices.flatMap(nested).reduce(into: []) { fields, field in
                if !fields.contains(field) { fields.append(field) }
            }
        default: []
        }
    }
}
