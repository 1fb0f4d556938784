import Expressions
import Resources

/// What policies say of one change.
struct Verdict {
    var denials: [Plan.Denial] = []
    /// A line for each rule that warns.
    var warnings: [String] = []
}

extension ChangePolicies {
    /// Holds a change against every rule about changes.
    func verdict(on change: PlannedChange) -> Verdict {
        var verdict = Verdict()
        guard !rules.isEmpty else { return verdict }
        let value = value(of: change)
        for rule in rules where rule.condition.holds(for: value) {
            switch rule.effect {
            case .deny:
                verdict.denials.append(
                    Plan.Denial(policy: rule.policy, message: rule.message, rule: rule.location))
            case .warn: verdict.warnings.append("\(rule.policy) warns: \(rule.message)")
            }
        }
        return verdict
    }

    /// The document of a change with the change itself. Of what has left git only its kind, name
    /// and server are known.
    private func value(of change: PlannedChange) -> Value {
        var entries: [String: Value] = [
            "kind": .text(change.kind.rawValue), "name": .text(change.address.name),
            "server": .text(change.server),
        ]
        if change.action != .delete, case .map(let document) = documents[change.address] {
            entries.merge(document) { $1 }
        }
        entries["change"] = .map([
            "action": .text(change.action.rawValue), "cause": .text(change.cause.rawValue),
            "differences": .list(change.differences.map { .text($0.subject) }),
        ])
        return .map(entries)
    }
}
