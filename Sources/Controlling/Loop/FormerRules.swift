import Planning
import Resources

/// What a commit that was in force before asks of changes: it holds for those of the next commit
/// too, until that one has been reached. Otherwise a commit could let itself in.
struct FormerRules: Equatable {
    let revision: Revision
    let policy: Settings.Policy
    /// As they were then: whoever takes a label away is held by it once more.
    private let labels: [Address: [String: String]]

    init(_ desired: DesiredState) {
        revision = desired.revision
        policy = desired.settings.policy
        // Only rules by labels ask for them.
        let labelled = policy.approveRules.isEmpty ? [] : desired.resources
        labels = Dictionary(
            labelled.filter { !$0.labels.isEmpty }.map { ($0.address, $0.labels) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Whether somebody has to approve of a change. What it did not know has its labels of now.
    func asks(about change: PlannedChange, labels own: [String: String]) -> Bool {
        policy.asks(about: change, labels: labels[change.address] ?? own)
    }

    /// For people.
    var words: String { "\(revision.short), which was in force before" }

    /// Whether it says the same, whatever commit it is of.
    func says(what other: FormerRules) -> Bool {
        policy == other.policy && labels == other.labels
    }
}

extension [FormerRules] {
    /// The fewest deletes that one of them lets a run make; nil for none.
    var maxDeletes: Int? { map(\.policy.maxDeletes).min() }

    /// Adds what the commit asks that another one is to follow.
    mutating func add(_ desired: DesiredState) {
        let rules = FormerRules(desired)
        if !contains(where: { $0.says(what: rules) }) { append(rules) }
    }
}

extension Settings.Policy {
    /// Whether somebody has to approve of a change to something with some labels.
    func asks(about change: PlannedChange, labels: [String: String]) -> Bool {
        switch approveRules.value(for: labels) ?? approve {
        case .never: false
        case .deletes: change.removesSomething
        case .always: !change.isDrift
        }
    }
}
