import Resources

/// A job as it should be on its server.
struct CronJobDesired: Sendable, Equatable, Codable {
    var name: String
    var scheduler: CronJobSpec.Scheduler
    var schedule: CronSchedule
    /// Nil for the host's own.
    var timezone: String?
    var user: String
    /// The program and its arguments.
    var command: [String]
    /// Variables that the command finds; nil for none.
    var environment: [String: String]?

    /// Where cron takes a job of its own from.
    var tablePath: String { "/etc/cron.d/\(name)" }

    var serviceUnit: String { "\(name).service" }
    var timerUnit: String { "\(name).timer" }
    var servicePath: String { "/etc/systemd/system/\(serviceUnit)" }
    var timerPath: String { "/etc/systemd/system/\(timerUnit)" }
}

extension CronJobDesired {
    /// Everything that may be on a host of a job; nil for what should not be.
    struct Parts: Sendable, Equatable {
        var table: FileTarget?
        /// The lines in the user's crontab.
        var block: Content?
        var service: FileTarget?
        var timer: FileTarget?

        var hasTimer: Bool { timer != nil }
    }

    /// What should be on a host, which keeps jobs in `/etc/cron.d` or else in crontabs.
    func parts(hasCronDirectory: Bool) -> Parts {
        switch scheduler {
        case .cron:
            hasCronDirectory ? Parts(table: table) : Parts(block: Content(CrontabBlock(self).text))
        case .systemd:
            Parts(service: file(servicePath, service), timer: file(timerPath, timer))
        }
    }

    /// Cron ignores a table that anybody but root could have written.
    var table: FileTarget { file(tablePath, tableText) }

    private func file(_ path: String, _ text: String) -> FileTarget {
        FileTarget(path: path, content: Content(text), owner: "root", group: "root")
    }

    /// The first line of everything that is written.
    var heading: String { "# Written by Stead for cron-job/\(name): changes made here are undone." }
}
