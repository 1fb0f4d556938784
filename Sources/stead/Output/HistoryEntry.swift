import Diagnostics
import Resources
import Storage

/// One run of the history. Its encoding is documented in `docs/json.md`.
struct HistoryEntry: Encodable {
    var run: Int
    var outcome: String
    /// ISO 8601, as `finishedAt` is.
    var startedAt: String
    var finishedAt: String?
    var revision: Revision
    var plan: String
    var source: String
    var actor: String
    var counts: RunCounts

    init(_ record: RunRecord) {
        run = record.id
        outcome = record.outcome.rawValue
        startedAt = Clock.text(record.startedAt)
        finishedAt = record.finishedAt.map(Clock.text)
        revision = record.start.revision
        plan = record.start.plan
        source = record.start.source
        actor = record.start.actor
        counts = record.counts
    }

    var line: String {
        let told = counts.words()
        let subject = revision.subject.map { "  \($0)" } ?? ""
        return Terminal.sanitized(
            "\(run)  \(startedAt)  \(outcome)  by \(actor)  \(revision.short)\(subject)"
                + (told.isEmpty ? "" : "  (\(told))"))
    }
}

/// One run with its journal.
struct RunHistory: Encodable {
    /// A journalled step.
    struct StepLine: Encodable {
        var sequence: Int
        var address: Address
        var server: String
        var step: String
        var state: String
        var message: String?
        /// ISO 8601, as `finishedAt` is.
        var startedAt: String?
        var finishedAt: String?
    }

    /// A resource that the run did not bring to what is asked.
    struct Problem: Encodable {
        var address: String
        /// `failed`, `unhealthy`, `denied` …
        var result: String
        var message: String

        /// Nil for an entry of the audit log that tells of no problem.
        init?(_ entry: AuditEntry) {
            struct Detail: Decodable { var message: String? }
            let part = entry.event.action.split(separator: ".")
            guard part.first == "resource", let result = part.last,
                let detail = try? CanonicalJSON.decode(Detail.self, from: entry.event.detail),
                let message = detail.message
            else { return nil }
            address = entry.event.subject
            self.result = String(result)
            // Some say it once more.
            let prefix = "\(result): "
            let rest = message.dropFirst(message.hasPrefix(prefix) ? prefix.count : 0)
            self.message = String(rest)
        }
    }

    var run: HistoryEntry
    var steps: [StepLine]
    var problems: [Problem]

    init(_ record: RunRecord, journal: [JournalEntry], audit: [AuditEntry]) {
        run = HistoryEntry(record)
        problems = audit.compactMap(Problem.init)
        steps = journal.map {
            StepLine(
                sequence: $0.id.sequence, address: $0.planned.address, server: $0.planned.server,
                step: $0.planned.step, state: $0.state.rawValue, message: $0.message,
                startedAt: $0.startedAt.map(Clock.text),
                finishedAt: $0.finishedAt.map(Clock.text))
        }
    }

    func text(_ terminal: Terminal) -> String {
        var table = TextTable()
        for step in steps {
            let state = step.state == "succeeded" ? step.state : terminal.paint(step.state, .yellow)
            let message = step.message.map { Terminal.sanitized($0) } ?? ""
            table.add([
                "\(step.sequence)", step.server, step.address.description, step.step, state,
                message.split(separator: "\n").last.map(String.init) ?? "",
            ])
        }
        let told = problems.map {
            Terminal.sanitized("\($0.address)  \($0.result): \($0.message)")
        }
        return run.line + "\n" + table.text
            + (told.isEmpty ? "" : "\n" + Terminal.lines(told))
    }
}

extension RunCounts {
    /// `2 created, 1 failed`; empty when nothing is to be told.
    func words(refused: Int = 0, denied: Int = 0) -> String {
        let parts = [
            (created, "created"), (updated, "updated"), (deleted, "deleted"),
            (drifted, "brought back"), (failed, "failed"), (refused, "refused"),
            (denied, "denied"), (unknown, "unknown"), (unchanged, "unchanged"),
        ]
        return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
