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
        var told: [Reason: (first: Address, count: Int)] = [:]
        let changes = Dictionary(
            prepared.plan.changes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        for (address, outcome) in summary.outcomes.sorted(by: { $0.key < $1.key })
        where !outcome.isSuccess {
            let reason = Reason(outcome, changes[address])
            let (first, count) = told[reason] ?? (address, 0)
            told[reason] = (first, count + 1)
            guard count < Self.sameLimit else { continue }
            text +=
                count == 0
                ? block(address, outcome, changes[address])
                : head(address, changes[address]) + "\n    the same as \(first)\n"
        }
        text += rest(told)
        let denied = prepared.plan.denied
        for change in denied {
            let head = head(change.address, change.change)
            text += Terminal.lines([head, "    \(Terminal.sanitized(change.reason))"])
        }
        for refusal in refused
        where !denied.contains(where: { $0.address == refusal.change.address }) {
            text += block(refusal)
        }
        return text + line(summary, refused: refused.count) + "\n" + rollout(summary.rollout)
    }

    private func rollout(_ end: RolloutEnd?) -> String {
        guard let end else { return "" }
        var words = "Rollout stopped at \(end.group): \(Terminal.sanitized(end.reason))\n"
        let parts = [
            ("not changed", end.left), ("undone", end.undone), ("could not be undone", end.kept),
        ]
        for (title, names) in parts where !names.isEmpty {
            words += "    \(title): \(names.joined(separator: ", "))\n"
        }
        return words
    }

    /// From this many failures of one host and one reason on, the others are only counted.
    private static let sameLimit = 5

    /// Why a resource was not brought to its state. Those that moved differ each in its own way.
    private struct Reason: Hashable {
        var server: String
        var message: String
        var detail: String?
        var address: Address?

        init(_ outcome: Outcome, _ change: PlannedChange?) {
            server = change?.server ?? ""
            message = RunText.words(of: outcome)
            switch outcome {
            case .failed(let failure): detail = failure.report.detail
            case .moved, .unverified: address = change?.address
            case .applied, .deleted, .undone, .waiting, .late, .unhealthy: break
            }
        }
    }

    private static func words(of outcome: Outcome) -> String {
        Redactor.redactedMessage(Terminal.sanitized(outcome.message ?? ""))
    }

    private func rest(_ told: [Reason: (first: Address, count: Int)]) -> String {
        let many = told.filter { $0.value.count > Self.sameLimit }.sorted { $0.value < $1.value }
        return many.map { reason, told in
            "\(terminal.paint("✗", .red)) and \(told.count - Self.sameLimit) more on "
                + "\(reason.server): the same as \(told.first)\n"
        }.joined()
    }

    private func head(_ address: Address, _ change: PlannedChange?) -> String {
        let place = change?.location.map { "  \($0)" } ?? ""
        return "\(terminal.paint("✗", .red)) \(address)\(place)"
    }

    private func block(
        _ address: Address, _ outcome: Outcome, _ change: PlannedChange?
    ) -> String {
        let reason = Self.words(of: outcome)
        var lines = [head(address, change), "    \(reason)"]
        switch outcome {
        case .failed(let failure):
            let detail =
                failure.report.detail.map { Redactor.redacted(Terminal.sanitized($0)) } ?? ""
            lines += detail.split(separator: "\n").map { "    | \($0)" }
            if let fix = failure.report.fix { lines.append("    fix: \(fix)") }
        case .moved(let now), .unverified(let now):
            guard let change else { break }
            return Terminal.lines(lines) + MovedText(terminal: terminal).render(change, now: now)
        case .applied, .deleted, .undone, .waiting, .late, .unhealthy: break
        }
        return Terminal.lines(lines)
    }

    /// A change of a sealed plan that was not made, and how things stand now.
    private func block(_ refusal: SealedReview.Refusal) -> String {
        let change = refusal.change
        let head = "\(terminal.paint("✗", .red)) \(change.address)  refused: "
        if let cause = refusal.cause { return head + "it depends on \(cause)\n" }
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
        let told = summary.counts.words(refused: refused, denied: prepared.plan.counts.denied)
        let words = told.isEmpty ? "nothing to do" : told
        let isShort = summary.outcome == .succeeded && refused > 0
        let outcome = isShort ? "did not do all of the plan" : summary.outcome.rawValue
        return "Run \(summary.run) \(outcome): \(words)."
    }
}
