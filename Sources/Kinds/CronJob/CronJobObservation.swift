import Resources

/// What was seen of a job, in every form that a job can have.
struct CronJobObservation: Sendable, Equatable, Codable {
    /// Whether the host takes jobs from `/etc/cron.d`; if not, from crontabs.
    var hasCronDirectory: Bool
    /// At the table's path.
    var table: PathState?
    /// The job's lines in the user's crontab.
    var block: Content?
    var service: PathState?
    var timer: PathState?
    /// What systemd makes of the timer; nil when it was not asked.
    var timerState: TimerState?
    /// Where these are; part of the declaration, and so not kept.
    var places = Places()

    struct TimerState: Sendable, Equatable, Codable {
        var isEnabled: Bool
        var isActive: Bool

        static let running = TimerState(isEnabled: true, isActive: true)
        static let stopped = TimerState(isEnabled: false, isActive: false)

        /// For people.
        var words: String {
            "\(isEnabled ? "enabled" : "disabled"), \(isActive ? "active" : "inactive")"
        }
    }

    struct Places: Sendable, Equatable {
        var table = ""
        var crontab = ""
        var service = ""
        var timer = ""
        var timerUnit = ""

        init() {}

        init(of job: CronJobDesired) {
            table = job.tablePath
            crontab = "crontab of \(job.user)"
            service = job.servicePath
            timer = job.timerPath
            timerUnit = job.timerUnit
        }
    }

    private enum CodingKeys: String, CodingKey {
        case hasCronDirectory, table, block, service, timer, timerState
    }

    var isEmpty: Bool {
        table == nil && block == nil && service == nil && timer == nil
            && (timerState ?? .stopped) == .stopped
    }
}
