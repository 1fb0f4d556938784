import ArgumentParser
import Diagnostics
import Kinds
import Manifests
import Resources

/// `stead explain [KIND[.field]]`: the manual of what documents and settings may say.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what a kind's documents may hold.",
        discussion: """
            Without KIND, lists the kinds. With KIND.field, explains one field; nested fields are \
            written with more dots: `stead explain Server.nginx.reload`. `stead.yaml` in the \
            place of KIND stands for the settings: `stead explain stead.yaml.rollout.max`.

            `--format json-schema` prints a JSON Schema (2020-12) of the kind, of all kinds, or \
            of the settings, for editors.
            """)

    /// How the manual is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case jsonSchema = "json-schema"
    }

    @Argument(help: "NginxSite, nginx-site, NginxSite.upstream, stead.yaml, …")
    var subject: String?

    @Option(help: "text or json-schema.")
    var format = Format.text

    func run() throws {
        let console = Console()
        let entries = Catalog.kinds
        guard let subject else {
            console.result(
                format == .text
                    ? Self.list(entries, console.results) : JSONSchema.text(of: entries))
            return
        }
        if let path = Self.path(of: subject, below: FieldManual.settingsTitle) {
            let manual = FieldManual(settings: console.results)
            return try show(manual, path, orElse: JSONSchema.textOfSettings, console)
        }
        let path = subject.split(separator: ".").map(String.init)
        guard let entry = Self.find(path.first ?? "", in: entries) else {
            throw ValidationError(Self.unknown(path.first ?? "", entries))
        }
        let manual = FieldManual(entry, console.results)
        try show(manual, path.dropFirst(), orElse: JSONSchema.text(of: entry), console)
    }

    private func show(
        _ manual: FieldManual, _ path: ArraySlice<String>, orElse schema: String,
        _ console: Console
    ) throws {
        switch format {
        case .jsonSchema: console.result(schema)
        case .text: console.result(path.isEmpty ? manual.page : try manual.field(Array(path)))
        }
    }

    /// The fields named after a title that has a dot itself; nil when something else is meant.
    private static func path(of subject: String, below title: String) -> ArraySlice<String>? {
        if subject == title { return [] }
        guard subject.hasPrefix(title + ".") else { return nil }
        return subject.dropFirst(title.count + 1).split(separator: ".").map(String.init)[...]
    }

    private static func find(_ word: String, in entries: [KindEntry]) -> KindEntry? {
        entries.first {
            [$0.name.rawValue.lowercased(), $0.name.kebab].contains(word.lowercased())
        }
    }

    private static func unknown(_ word: String, _ entries: [KindEntry]) -> String {
        let names = entries.map(\.name.rawValue) + [FieldManual.settingsTitle]
        let hint =
            Suggestion.sentence(for: word, among: names)
            ?? "the kinds are \(names.joined(separator: ", "))"
        return "unknown kind `\(word)`: \(hint)"
    }

    private static func list(_ entries: [KindEntry], _ terminal: Terminal) -> String {
        let lines =
            entries.map { ($0.name.rawValue, $0.summary) }
            + [(FieldManual.settingsTitle, FieldManual.settingsSummary)]
        let width = lines.map(\.0.count).max() ?? 0
        return Terminal.lines(
            lines.map { name, summary in
                let padding = String(repeating: " ", count: width - name.count)
                return "\(terminal.paint(name, .bold))\(padding)  \(summary)"
            } + ["", "`stead explain KIND` shows a kind's fields and an example."])
    }
}
