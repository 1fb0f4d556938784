import ArgumentParser
import Diagnostics
import Kinds
import Manifests
import Resources

/// `stead explain [KIND[.field]]`: the manual of what documents may say.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what a kind's documents may hold.",
        discussion: """
            Without KIND, lists the kinds. With KIND.field, explains one field; nested fields are \
            written with more dots: `stead explain Server.nginx.reload`.

            `--format json-schema` prints a JSON Schema (2020-12) of the kind, or of all kinds, \
            for editors.
            """)

    /// How the manual is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case jsonSchema = "json-schema"
    }

    @Argument(help: "NginxSite, nginx-site, NginxSite.upstream, …")
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
        let path = subject.split(separator: ".").map(String.init)
        guard let entry = Self.find(path.first ?? "", in: entries) else {
            throw ValidationError(Self.unknown(path.first ?? "", entries))
        }
        guard format == .text else {
            console.result(JSONSchema.text(of: entry))
            return
        }
        let manual = KindManual(entry: entry, terminal: console.results)
        guard path.count > 1 else {
            console.result(manual.page)
            return
        }
        console.result(try manual.field(Array(path.dropFirst())))
    }

    private static func find(_ word: String, in entries: [KindEntry]) -> KindEntry? {
        entries.first {
            [$0.name.rawValue.lowercased(), $0.name.kebab].contains(word.lowercased())
        }
    }

    private static func unknown(_ word: String, _ entries: [KindEntry]) -> String {
        let names = entries.map(\.name.rawValue)
        let hint =
            Suggestion.sentence(for: word, among: names)
            ?? "the kinds are \(names.joined(separator: ", "))"
        return "unknown kind `\(word)`: \(hint)"
    }

    private static func list(_ entries: [KindEntry], _ terminal: Terminal) -> String {
        let width = entries.map(\.name.rawValue.count).max() ?? 0
        return Terminal.lines(
            entries.map { entry in
                let padding = String(repeating: " ", count: width - entry.name.rawValue.count)
                return "\(terminal.paint(entry.name.rawValue, .bold))\(padding)  \(entry.summary)"
            } + ["", "`stead explain KIND` shows a kind's fields and an example."])
    }
}
