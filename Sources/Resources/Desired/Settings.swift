/// The settings of `desired/stead.yaml`, with their defaults.
package struct Settings: Sendable, Equatable {
    /// How often, and how widely, work is done.
    package struct Reconcile: Sendable, Equatable {
        /// How often the controller looks for drift.
        package var intervalSeconds = 300
        /// How many hosts are worked on side by side.
        package var parallelism = 128

        package init() {}
    }

    /// What a run may do unasked.
    package struct Policy: Sendable, Equatable {
        /// Deletes that a run may make without being allowed to; 10 % of what is owned if that is
        /// more.
        package var maxDeletes = 3
        /// How long data-bearing resources are kept after their delete.
        package var quarantineSeconds = 7 * 86400

        package init() {}
    }

    /// How long the state keeps what.
    package struct Retention: Sendable, Equatable {
        package var runsSeconds = 365 * 86400
        package var observationsSeconds = 30 * 86400

        package init() {}
    }

    /// Whom to tell.
    package struct Notify: Sendable, Equatable {
        package var webhook: String?

        package init() {}
    }

    package var version = 1
    package var reconcile = Reconcile()
    package var policy = Policy()
    package var notify = Notify()
    package var retention = Retention()

    package init() {}
}
