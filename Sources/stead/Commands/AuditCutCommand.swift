import ArgumentParser
import Diagnostics
import FoundationEssentials
import Storage

/// `stead audit cut`.
struct AuditCutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut",
        abstract: "Take the oldest entries off the log, into a file.",
        discussion: """
            The file is on the disk before anything is cut. The log says where it was cut and with \
            which hash, so that `stead audit verify` proves the rest, and docs/audit.md tells how \
            to prove both together.
            """)

    @OptionGroup var state: StateOptions

    @Option(
        help: "The first entry to keep: its number, or a day or time in UTC, such as 2026-01-31.")
    var before: String

    @Option(help: "The file to write; one that is there already is left alone.")
    var out: String

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let store = try StateStore(folder: state.path, access: .readWrite)
            let number: Int =
                if let number = Int(before) { number } else {
                    try await store.firstAuditEntry(since: try milliseconds())
                }
            guard let cut = try await store.auditCut(before: number) else {
                console.result("Nothing to cut: no entry is older.\n")
                return
            }
            let file = try NewFile(out)
            for try await entry in store.allAuditEntries(after: cut.first - 1) {
                guard entry.sequence <= cut.last else { break }
                try file.write(Array((entry.jsonLine + "\n").utf8))
            }
            try file.finish()
            try await store.cutAudit(cut, by: Actor.current)
            console.result(
                "Entries \(cut.first) to \(cut.last) are in \(out), and no longer in the log. "
                    + "Their last hash: \(cut.hash)\n")
        }
    }

    private func milliseconds() throws(Failure) -> Int {
        let text = before.contains("T") ? before : before + "T00:00:00Z"
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw .stalled(
                .init(
                    "`\(before)` is neither a number nor a time",
                    fix: "write 2026-01-31 or 2026-01-31T12:00:00Z"))
        }
        return Int(date.timeIntervalSince1970) * 1000
    }
}
