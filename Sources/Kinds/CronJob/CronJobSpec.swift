import Resources

/// What a `CronJob` document says.
struct CronJobSpec: Sendable, Equatable {
    var server = ""
    /// Required, so that reading a document always replaces this one.
    var schedule: CronSchedule?
    var scheduler = Scheduler.cron
    var timezone: String?
    var user = "root"
    var command: [String] = []
    var environment: [String: String] = [:]

    enum Scheduler: String, Sendable, Codable, CaseIterable {
        case cron
        case systemd
    }
}
