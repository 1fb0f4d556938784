import FoundationEssentials
import Planning
import Resources
import Storage

/// Decides which changes of a plan are made now, and why the others are not. Pure.
struct Gate {
    /// Why a change is not made now.
    struct Hold: Equatable {
        var state: Condition.State
        var message: String
        var fix: String?
        /// Seconds since 1970; nil when time alone changes nothing.
        var retryAt: Int?
        /// Whether a person's approval would let it through.
        var isUnapproved = false

        init(
            _ state: Condition.State, _ message: String, fix: String? = nil, retryAt: Int? = nil
        ) {
            self.state = state
            self.message = message
            self.fix = fix
            self.retryAt = retryAt
        }
    }

    /// What comes of a change.
    enum Verdict: Equatable {
        case go
        case hold(Hold)
        /// Not done, and not worth a word: drift that is ignored.
        case ignore
    }

    let settings: Settings
    let resources: [Address: any Resource]
    /// The commit that is to be reached.
    let revision: String
    let conditions: [String: Condition]
    let suspensions: [Suspension]
    let approved: Set<ChangeKey>
    /// More deletes than one run may make.
    let heldDeletes: HeldDeletes?
    /// What commits ask that were in force before; the strictest holds.
    var former: [FormerRules] = []
    /// What somebody has said no to, and who.
    var rejected: [ChangeKey: String] = [:]
    /// What a person wants done now, drift and failures notwithstanding.
    let urged: Selection
    /// What this plan knows better than an earlier condition: it is as desired, or becomes so.
    let fit: Set<Address>
    /// What has stalled in the commit, and is planned for as it was before it.
    var putBack: Set<Address> = []
    /// What the last good commit declared: it knows the labels of what has left git since.
    let formerResources: [Address: any Resource]
    /// Seconds since 1970.
    let now: Int
    private var windows: WindowView

    init(
        _ desired: DesiredState, after former: DesiredState? = nil,
        conditions: [String: Condition], suspensions: [Suspension], approved: Set<ChangeKey>,
        heldDeletes: HeldDeletes?, urged: Selection = .nothing, fit: Set<Address> = [], now: Int
    ) {
        formerResources = Dictionary(
            former?.resources.map { ($0.address, $0) } ?? [],
            uniquingKeysWith: { first, _ in first })
        windows = WindowView(desired.settings.windows, at: now)
        settings = desired.settings
        resources = Dictionary(
            desired.resources.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        revision = desired.revision.id
        self.conditions = conditions
        self.suspensions = suspensions
        self.approved = approved
        self.heldDeletes = heldDeletes
        self.urged = urged
        self.fit = fit
        self.now = now
    }

    /// Judges a change; what it depends on is judged first: it is in `held`, or in `ready`.
    mutating func judge(
        _ change: PlannedChange, held: [Address: Hold], ready: Set<Address>
    ) -> Verdict {
        if let hold = suspension(of: change) { return .hold(hold) }
        if !urged.includes(change.address, on: change.server) {
            if let verdict = drift(change) { return verdict }
            if let hold = memory(of: change) { return .hold(hold) }
        }
        if let hold = dependency(of: change, held, ready) { return .hold(hold) }
        if let hold = approval(of: change) { return .hold(hold) }
        if let hold = window(of: change) { return .hold(hold) }
        return .go
    }

    /// When the window of a change that goes closes; nil for one that no window ends.
    mutating func closing(for change: PlannedChange) -> Int? {
        let subject = subject(of: change)
        // What a person has let through all the same is brought to its end.
        return windows.wait(for: subject) == nil ? windows.closing(for: subject) : nil
    }

    private mutating func window(of change: PlannedChange) -> Hold? {
        guard let wait = windows.wait(for: subject(of: change)) else { return nil }
        let isUrged = urged.includes(change.address, on: change.server)
        guard !(wait.isManual && isUrged) else { return nil }
        let fix = wait.isManual ? "`stead sync \(change.address)` makes it now" : nil
        return Hold(.waiting, wait.message, fix: fix, retryAt: wait.until)
    }

    private func subject(of change: PlannedChange) -> WindowSubject {
        let resource = resources[change.address] ?? formerResources[change.address]
        return WindowSubject(kind: change.kind, server: change.server, labels: resource?.labels)
    }

    private func suspension(of change: PlannedChange) -> Hold? {
        let found = suspensions.first { suspension in
            suspension.subject == "*"
                || Selection([suspension.subject]).includes(change.address, on: change.server)
        }
        return found.map { suspension in
            Hold(
                .held, "suspended by \(suspension.actor): \(suspension.reason)",
                fix: "`stead resume '\(suspension.subject)'` ends it",
                retryAt: suspension.until)
        }
    }

    private func drift(_ change: PlannedChange) -> Verdict? {
        guard change.isDrift else { return nil }
        let resource = resources[change.address]
        let policy =
            resource?.drift
            ?? settings.reconcile.driftRules.value(for: resource?.labels ?? [:])
            ?? settings.reconcile.drift
        switch policy {
        case .correct: return nil
        case .ignore: return .ignore
        case .report:
            let what = change.differences.map(\.subject).joined(separator: ", ")
            return .hold(
                Hold(
                    .drifted, "the host moved: \(what)",
                    fix: "`stead sync \(change.address)` takes it back"))
        }
    }

    /// What an earlier failure says: a stalled change is left alone until something about it
    /// changes, one that may pass until its time has come.
    private func memory(of change: PlannedChange) -> Hold? {
        guard let condition = conditions[change.address.description],
            condition.revision == revision, condition.desired == change.desiredDigest
        else { return nil }
        switch condition.state {
        case .stalled where condition.observed == change.observedDigest:
            return Hold(.stalled, condition.message, fix: condition.fix)
        case .retrying where condition.isPutOff(at: now):
            return Hold(.retrying, condition.message, retryAt: condition.retryAt)
        default: return nil
        }
    }

    private func dependency(
        of change: PlannedChange, _ held: [Address: Hold], _ ready: Set<Address>
    ) -> Hold? {
        guard change.action != .delete else { return nil }
        // What is new in a commit must not rest on what is as before it.
        if !change.isDrift, let dependency = change.dependencies.first(where: putBack.contains) {
            return Hold(.waiting, "waiting for \(dependency), which is stalled")
        }
        // What is made in this very round may have waited until now.
        for dependency in change.dependencies where !ready.contains(dependency) {
            if let hold = held[dependency] {
                return Hold(.waiting, "waiting for \(dependency), which is \(hold.state.rawValue)")
            }
            if !fit.contains(dependency), let condition = conditions[dependency.description],
                [.stalled, .retrying, .waiting].contains(condition.state)
                    || (condition.state == .unhealthy && !change.isDrift)
            {
                return Hold(
                    .waiting, "waiting for \(dependency), which is \(condition.state.rawValue)")
            }
        }
        return nil
    }

    private func approval(of change: PlannedChange) -> Hold? {
        guard !approved.contains(ChangeKey(change)) else { return nil }
        guard var hold = request(for: change) else { return nil }
        if let person = rejected[ChangeKey(change)] {
            hold = Hold(
                .held, "rejected by \(person)",
                fix: "take it back in git, or ask for it anew with another commit")
        }
        hold.isUnapproved = true
        return hold
    }

    /// Why somebody has to approve of a change; nil when nobody has to.
    private func request(for change: PlannedChange) -> Hold? {
        if let heldDeletes, !change.isDrift {
            return Hold(
                .held, "\(heldDeletes.count) deletes \(excess(heldDeletes))",
                fix: "look at them with `stead plans`, then `stead approve ID`")
        }
        let labels = resources[change.address]?.labels ?? [:]
        if settings.policy.asks(about: change, labels: labels) {
            return Hold(.held, "waits for approval", fix: "see `stead plans`")
        }
        return former.first { $0.asks(about: change, labels: labels) }.map { rules in
            Hold(
                .held, "waits for approval, as \(rules.words) asks for it",
                fix: "see `stead plans`")
        }
    }

    private func excess(_ deletes: HeldDeletes) -> String {
        let limit = "are more than one run may make (\(deletes.limit)"
        guard deletes.limit < settings.policy.maxDeletes,
            let rules = former.min(by: { $0.policy.maxDeletes < $1.policy.maxDeletes })
        else { return limit + ")" }
        return limit + ", as \(rules.words) has it)"
    }

    /// Why what nobody has approved waits.
    func reason(of passage: Passage) -> String {
        if let heldDeletes {
            let left = passage.unapproved.count { $0.removesSomething }
            guard left < heldDeletes.count else {
                return "\(left) deletes \(excess(heldDeletes))"
            }
            return "\(left) of \(heldDeletes.count) deletes that \(excess(heldDeletes))"
        }
        let isAsked = passage.unapproved.contains {
            settings.policy.asks(about: $0, labels: resources[$0.address]?.labels ?? [:])
        }
        guard !isAsked,
            let rules = former.first(where: { rules in
                passage.unapproved.contains {
                    rules.asks(about: $0, labels: resources[$0.address]?.labels ?? [:])
                }
            })
        else { return "policy asks for approval" }
        return "the policy of \(rules.words) asks for approval"
    }
}

/// What a change takes from what to what: the same whenever it is planned.
struct ChangeKey: Hashable {
    let address: Address
    let isDelete: Bool
    let desired: Digest?
    let observed: Digest

    init(_ change: PlannedChange) {
        address = change.address
        isDelete = change.action == .delete
        desired = change.desiredDigest
        observed = change.observedDigest
    }
}
