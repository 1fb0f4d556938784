import Controlling
import Diagnostics
import Planning
import Resources
import Storage

/// How a run ended, for people.
struct RunText {
    let terminal: Terminal
    let prepared: PreparedPlan

    /// A block for each failure, then one line that counts.
    func render(_ summary: RunSummary, refused: [SealedReview.Refusal]) -> String {
        var text = ""
        let changes = Dictionary(
            prepared.plan.changes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        for (address, outcome) in summary.outcomes.sorted(by: { $0.key < $1.key })
        where !outcome.isSuccess {
            text += block(address, outcome, changes[address])
        }
        for refusal in refused { text += block(refusal) }
        return text + line(summary, refused: refused.count) + "\n"
    }

    private func block(_ address: Address, _ outcome: Outcome, _ change: PlannedChange?)
        -> String
    {
        let place = change?.location.map { "  \($0)" } ?? ""
        let reason = Terminal.sanitized(outcome.message ?? "")
        var lines = ["\(terminal.paint("✗", .red)) \(address)\(place)", "    \(reason)"]
        switch outcome {
        case .failed(let failure):
            let detail =
                failure.report.detail.map { Redactor.redacted(Terminal.sanitized($0)) } ?? ""
            lines += detail.split(separator: "\n").map { "    | \($0)" }
            if let fix = failure.report.fix { lines.append("    fix: \(fix)") }
        case .moved(let now), .unverified(let now):
            guard let change else { break }
            return Terminal.lines(lines) + MovedText(terminal: terminal).render(change, now: now)
        case .applied, .deleted, .undone, .waiting: break
        }
        return Terminal.lines(lines)
    }

    /// A change of a sealed plan that was not made, and how things stand now.
    private func block(_ refusal: SealedReview.Refusal) -> String {
        let change = refusal.change
        let head = "\(terminal.paint("✗", .red)) \(change.address)  refused: "
        switch refusal.now {
        case .seen(let now) where now.observedDigest != change.observedDigest:
            return head + "the host has moved since the plan\n"
                + MovedText(terminal: terminal).render(change, now: now)
        case .seen: return head + "desired state has moved since the plan\n"
        case .unknown(let failure): return head + "unknown: \(failure.report.message)\n"
        case nil: return head + "it is no longer declared\n"
        }
    }

    private func line(_ summary: RunSummary, refused: Int) -> String {
        let told = summary.counts.words(refused: refused)
        let words = told.isEmpty ? "nothing to do" : told
        return "Run \(summary.run) \(summary.outcome.rawValue): \(words)."
    }
}
