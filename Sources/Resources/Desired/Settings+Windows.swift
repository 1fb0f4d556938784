extension Settings {
    /// When changes of some resources may, or may not, be made; exactly one of `allow` and `deny`
    /// is there.
    package struct Window: Sendable, Equatable {
        /// When it opens.
        package var allow: CronSchedule?
        package var deny: CronSchedule?
        /// How long it stays open, in real time.
        package var durationSeconds = 3600
        /// Whose clocks the schedule is about.
        package var timezone = Timezone.utc
        /// Labels that a resource must have, all of them.
        package var labels: [String: String] = [:]
        /// Names of servers, with `*` for any run of characters; none stands for all.
        package var servers: [String] = []
        /// None stands for all.
        package var kinds: [String] = []
        /// Whether `stead sync` of a resource goes ahead in spite of it.
        package var isManual = false
        /// For people.
        package var reason: String?

        package init() {}
    }
}
