import Controlling
import Diagnostics
import Resources

/// What `stead adopt` has to say.
struct AdoptionReport: Encodable {
    /// A document.
    struct Document: Encodable {
        var address: String
        /// Below the folder of `--out`.
        var file: String
        /// Where it was found.
        var source: String
        var notes: [String]
        var isSecret: Bool
    }

    var server: String
    var documents: [Document]
    var left: [LeftOut]
    /// What `--file` named, and can't be taken.
    var refused: [LeftOut]
    /// Paths, by what is written there.
    private var written: [String: String]

    init(server: String, _ result: AdoptionResult, written: [String: String]) {
        self.server = server
        self.written = written
        left = result.left
        refused = result.refused
        documents = result.drafts.map {
            Document(
                address: $0.address.description, file: $0.file, source: $0.source,
                notes: $0.notes, isSecret: $0.isSecret)
        }
    }

    private enum CodingKeys: String, CodingKey { case server, documents, left, refused }

    /// To standard error, where `--dry-run` has the documents on standard output.
    func tell(_ console: Console) {
        for document in documents {
            let place = written[document.file] ?? document.file
            console.message(
                Terminal.sanitized("\(document.address)  \(place)  from \(document.source)"))
            for note in document.notes { console.message(Terminal.sanitized("    it \(note)")) }
            if document.isSecret {
                console.warn(
                    "\(place) holds a secret in clear: keep it out of a repository that others read"
                )
            }
        }
        if !left.isEmpty { console.message("\nLeft out:") }
        for item in left {
            console.message("  \(Self.oneLine("\(item.what): \(item.reason)"))")
            if let fix = item.fix { console.message("    \(Self.oneLine(fix))") }
        }
        let count = documents.count { !$0.address.hasPrefix("server/") }
        let verb = count == 1 ? "plans" : "plan"
        console.message(
            "\nAdopted from \(server): \(count.counted("document")), which \(verb) to no change; "
                + "\(left.count) left out. Nothing was changed there.")
        for item in refused {
            console.report(
                .stalled(.init(Self.oneLine("--file \(item.what): \(item.reason)"), fix: item.fix)))
        }
    }

    private static func oneLine(_ text: String) -> String {
        Terminal.sanitized(text).split(separator: "\n").joined(separator: " ")
    }
}
