/// The settings of `desired/stead.yaml`, with their defaults.
package struct Settings: Sendable, Equatable {
    /// Where commits are taken from, and which.
    package struct Source: Sendable, Equatable {
        /// How often the controller looks for a new commit.
        package var intervalSeconds = 60
        /// How long the repository's server may say nothing before it is given up for now.
        package var timeoutSeconds = 60
        package var verify = Verification.notAsked
        /// Who may sign: lines of ssh-keygen(1), "ALLOWED SIGNERS", and OpenPGP's public keys in
        /// their text form.
        package var allowedSigners: [String] = []

        package init() {}
    }

    /// Whether commits have to be signed.
    package enum Verification: String, Sendable, Equatable, Codable, CaseIterable {
        case notAsked = "none"
        /// By one of those who may.
        case required
    }

    /// What is done about drift.
    package enum Drift: String, Sendable, Equatable, Codable, CaseIterable {
        /// Taken back.
        case correct
        /// Told, and left.
        case report
        /// Left.
        case ignore
    }

    /// Which changes wait for a person.
    package enum Approval: String, Sendable, Equatable, Codable, CaseIterable {
        case never
        /// Those that delete something.
        case deletes
        /// All that git asks for; drift is taken back unasked.
        case always
    }

    /// A setting for the resources that have all of some labels.
    package struct Labelled<Value: Sendable & Equatable>: Sendable, Equatable {
        package var labels: [String: String] = [:]
        package var value: Value

        package init(_ value: Value) {
            self.value = value
        }
    }

    /// How often, and how widely, work is done.
    package struct Reconcile: Sendable, Equatable {
        /// How often the controller looks for drift.
        package var intervalSeconds = 300
        /// How many hosts are worked on side by side.
        package var parallelism = 128
        package var drift = Drift.correct
        /// The first whose labels a resource has decides; `drift` where none does.
        package var driftRules: [Labelled<Drift>] = []

        package init() {}
    }

    /// What a run may do unasked.
    package struct Policy: Sendable, Equatable {
        /// Deletes that a run may make without being allowed to; 10 % of what is owned if that is
        /// more.
        package var maxDeletes = 3
        /// How long data-bearing resources are kept after their delete.
        package var quarantineSeconds = 7 * 86400
        /// Whether a tree may declare nothing.
        package var allowsEmpty = false
        package var approve = Approval.never
        /// The first whose labels a resource has decides; `approve` where none does.
        package var approveRules: [Labelled<Approval>] = []

        package init() {}
    }

    /// How changes that could lock Stead out are made.
    package struct Guard: Sendable, Equatable {
        /// How long a host waits for the confirmation of a guarded change.
        package var timeoutSeconds = 60

        package init() {}
    }

    /// How long the state keeps what.
    package struct Retention: Sendable, Equatable {
        package var runsSeconds = 365 * 86400
        package var observationsSeconds = 30 * 86400

        package init() {}
    }

    package var version = 1
    package var source = Source()
    package var reconcile = Reconcile()
    package var policy = Policy()
    package var `guard` = Guard()
    /// Nil: a commit is applied everywhere at once.
    package var rollout: Rollout?
    /// When changes may be made.
    package var windows: [Window] = []
    /// Who is told of what happens.
    package var notify: [NotifyTarget] = []
    package var audit = Audit()
    package var retention = Retention()

    package init() {}
}

extension Array {
    /// What the first rule says whose labels are all among `labels`; nil when none applies.
    package func value<Value>(for labels: [String: String]) -> Value?
    where Element == Settings.Labelled<Value> {
        first { rule in rule.labels.allSatisfy { labels[$0] == $1 } }?.value
    }
}
