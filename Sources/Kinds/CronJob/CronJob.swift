import Diagnostics
import Resources

/// A command on a schedule: a table in `/etc/cron.d`, lines in a crontab, or a systemd timer.
enum CronJob: Kind {
    static let name: KindName = "CronJob"

    static func server(of document: Document<CronJobSpec>) -> String? { document.spec.server }

    static func references(of document: Document<CronJobSpec>) -> [Reference] {
        [Reference(field: "server", to: "Server", document.spec.server)]
    }

    static func claims(of desired: CronJobDesired) -> [Claim] {
        switch desired.scheduler {
        case .cron: [Claim(.path, desired.tablePath, field: "name")]
        case .systemd:
            [desired.servicePath, desired.timerPath].map { Claim(.path, $0, field: "name") }
                + [desired.serviceUnit, desired.timerUnit].map { Claim(.unit, $0, field: "name") }
        }
    }

    /// All forms are looked at, whichever is wanted: what another scheduler left must go.
    static func looks(for desired: CronJobDesired) -> [Look] {
        let table = desired.parts(hasCronDirectory: true)
        let looks: [Look] = [
            .file(path: desired.tablePath, expected: table.table?.content.digest),
            .crontab(user: desired.user),
            .file(path: desired.servicePath, expected: table.service?.content.digest),
            .file(path: desired.timerPath, expected: table.timer?.content.digest),
        ]
        return desired.scheduler == .systemd ? looks + [timerLook(desired)] : looks
    }

    private static func timerLook(_ job: CronJobDesired) -> Look {
        .command(
            script: "systemctl show --property=UnitFileState --property=ActiveState -- \"$1\"",
            arguments: [job.timerUnit])
    }

    static func observation(of desired: CronJobDesired, from output: ProbeOutput)
        throws(Failure) -> CronJobObservation?
    {
        let needsSystemd = desired.scheduler == .systemd
        guard !needsSystemd || output.facts.initSystem == .systemd else {
            throw .stalled(
                .init("the host has no systemd", fix: "write `scheduler: cron` for this job"))
        }
        let observation = CronJobObservation(
            hasCronDirectory: output.facts.hasCronDirectory,
            table: PathState(try output.sighting(of: desired.tablePath)),
            block: try block(of: desired, in: output),
            service: PathState(try output.sighting(of: desired.servicePath)),
            timer: PathState(try output.sighting(of: desired.timerPath)),
            timerState: needsSystemd ? try timerState(of: desired, in: output) : nil,
            places: .init(of: desired))
        return observation.isEmpty ? nil : observation
    }

    private static func block(of job: CronJobDesired, in output: ProbeOutput) throws(Failure)
        -> Content?
    {
        switch try output.crontab(of: job.user) {
        case .file(_, let content):
            guard let bytes = content.bytes else {
                throw .stalled(
                    .init("the crontab of \(job.user) has more than \(Look.contentLimit) bytes"))
            }
            return CrontabBlock(job).found(in: bytes).map(Content.init)
        case .absent: return nil
        case .link, .directory, .other, .unreadable:
            throw .stalled(.init("the crontab of \(job.user) is no regular file"))
        }
    }

    private static func timerState(of job: CronJobDesired, in output: ProbeOutput)
        throws(Failure) -> CronJobObservation.TimerState
    {
        let answer = try output.command(timerLook(job))
        let lines = answer.output.split(separator: "\n")
        guard answer.status == 0, lines.contains(where: { $0.hasPrefix("ActiveState=") }) else {
            throw .stalled(
                .init(
                    "systemd does not say what \(job.timerUnit) is", detail: answer.output))
        }
        return .init(
            isEnabled: lines.contains("UnitFileState=enabled"),
            isActive: lines.contains("ActiveState=active"))
    }
}
