import Diagnostics
import Resources

extension CronJob {
    static func resolve(
        _ document: Document<CronJobSpec>, in tree: TreeIndex,
        reporting findings: inout [Diagnostic]
    ) -> CronJobDesired? {
        let spec = document.spec
        guard let schedule = spec.schedule else { return nil }
        let job = CronJobDesired(
            name: document.address.name, scheduler: spec.scheduler, schedule: schedule,
            timezone: spec.timezone, user: spec.user, command: spec.command,
            environment: spec.environment.isEmpty ? nil : spec.environment)
        let problems =
            timezoneProblems(document) + commandProblems(job, document)
            + scheduleWarnings(schedule, document)
            + serverWarnings(document, in: tree)
        findings += problems
        return problems.hasErrors ? nil : job
    }

    private static func timezoneProblems(_ document: Document<CronJobSpec>) -> [Diagnostic] {
        guard document.spec.timezone != nil, document.spec.scheduler == .cron else { return [] }
        return [
            document.origin.diagnostic(
                .fieldConflict, at: "timezone", "`timezone` needs `scheduler: systemd`",
                why: "cron runs jobs in the host's own timezone",
                fix: "add `scheduler: systemd`, or remove `timezone`")
        ]
    }

    private static func commandProblems(
        _ job: CronJobDesired, _ document: Document<CronJobSpec>
    ) -> [Diagnostic] {
        // systemd takes these for flags of its own, quoted or not.
        let flags = "-@:+!|".unicodeScalars
        if let first = job.command.first?.unicodeScalars.first, flags.contains(first) {
            return [
                document.origin.diagnostic(
                    .fieldValue, at: "command.0",
                    "`command` must begin with a program's path or name, not with `\(first)`")
            ]
        }
        let size = job.shellCommand.utf8.count
        guard job.scheduler == .cron, size > CronJobDesired.commandLimit else { return [] }
        return [
            document.origin.diagnostic(
                .fieldValue, at: "command",
                "`command` has \(size) bytes when quoted, "
                    + "cron takes \(CronJobDesired.commandLimit)",
                why: "Debian's cron cuts a longer command without a word",
                fix: "put it in a script on the server, or write `scheduler: systemd`")
        ]
    }

    private static func scheduleWarnings(
        _ schedule: CronSchedule, _ document: Document<CronJobSpec>
    ) -> [Diagnostic] {
        guard schedule.neverRuns else { return [] }
        return [
            document.origin.diagnostic(
                .fieldValue, at: "schedule", "`schedule` never comes: `\(schedule.text)`",
                severity: .warning, why: "none of its months has such a day")
        ]
    }

    private static func serverWarnings(
        _ document: Document<CronJobSpec>, in tree: TreeIndex
    ) -> [Diagnostic] {
        let spec = document.spec
        guard spec.scheduler == .cron, let server = tree.servers[spec.server],
            !server.provides.isEmpty, !server.provides.contains("cron")
        else { return [] }
        return [
            document.origin.diagnostic(
                .serverLacks, at: "server",
                "`\(spec.server)` does not say that it has cron", severity: .warning,
                why: "its `provides` is \(server.provides.joined(separator: ", "))",
                fix: "add `cron` to it, or choose another server")
        ]
    }
}
