import ArgumentParser
import Diagnostics
import FoundationEssentials
import Resources
import Storage

/// `stead audit`: the record that nobody can edit unseen.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Read and verify the audit log.",
        discussion: "Every entry holds the hash of the one before; docs/audit.md says how.",
        subcommands: [
            AuditListCommand.self, AuditVerifyCommand.self, AuditExportCommand.self,
            AuditCutCommand.self,
        ],
        defaultSubcommand: AuditListCommand.self)
}

/// Which entries of the audit log.
struct AuditFilterOptions: ParsableArguments {
    @Option(help: "An address, such as nginx-site/prokov.")
    var subject: String?

    @Option(help: "An action, such as resource.applied.")
    var action: String?

    @Option(name: .customLong("run"), help: "A run's number.")
    var runNumber: Int?

    /// The filter these options make.
    var filter: AuditFilter {
        AuditFilter(subject: subject, action: action, run: runNumber)
    }
}

/// `stead audit list`.
struct AuditListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the latest entries, oldest first.")

    @OptionGroup var filter: AuditFilterOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    @Option(help: "How many entries to show.")
    var limit = 50

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a number from 1") }
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let store = try state.existing()
            let entries = try await store.auditEntries(matching: filter.filter, limit: limit)
            guard output.format == .text else {
                console.result(
                    "[" + entries.map(\.jsonLine).joined(separator: ",") + "]\n")
                return
            }
            var table = TextTable()
            for entry in entries {
                table.add([
                    "\(entry.sequence)", entry.at, entry.event.actor, entry.event.action,
                    Terminal.sanitized(entry.event.subject), entry.run.map { "run \($0)" } ?? "",
                ])
            }
            console.result(entries.isEmpty ? "No entry.\n" : table.text)
        }
    }
}

/// `stead audit verify`.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove that no entry was changed, removed or inserted; exit 1 and say which.")

    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    /// What `--format json` prints.
    private struct Report: Encodable {
        var intact: Bool
        /// Those that are kept.
        var entries: Int?
        var head: Digest?
        /// What was cut off its beginning last.
        var cut: AuditCut?
        var findings: [String]
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let store = try state.existing()
            switch try await store.verifyAudit() {
            case .intact(let last, let head, let cut):
                let count = last - (cut?.last ?? 0)
                guard output.format == .text else {
                    try console.json(
                        Report(intact: true, entries: count, head: head, cut: cut, findings: []))
                    return
                }
                let start = cut.map {
                    ", from \($0.last + 1) on: those up to \($0.last), with the hash \($0.hash), "
                        + "were cut off"
                }
                console.result("\(count) entries, unbroken\(start ?? ""). Head: \(head)\n")
            case .broken(let findings):
                let words = findings.map(\.description)
                switch output.format {
                case .text: console.result(Terminal.lines(words))
                case .json: try console.json(Report(intact: false, findings: words))
                }
                throw ExitCode.failure
            }
        }
    }
}

/// `stead audit export`.
struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print the whole log as JSON lines, to keep elsewhere.")

    @OptionGroup var filter: AuditFilterOptions
    @OptionGroup var state: StateOptions

    @Option(help: "Only the entries after this one, by its number.")
    var after: Int?

    @Option(help: "jsonl: one JSON object a line.")
    var format = "jsonl"

    func validate() throws {
        guard format == "jsonl" else {
            throw ValidationError("--format takes jsonl, not `\(format)`")
        }
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let store = try state.existing()
            for try await entry in store.allAuditEntries(
                matching: filter.filter, after: after ?? .min)
            {
                console.result(entry.jsonLine + "\n")
            }
        }
    }
}
