import Resources

extension CronJob {
    static func differences(from observed: CronJobObservation?, to desired: CronJobDesired?)
        -> [Difference]
    {
        guard let observed else { return desired.map(creation) ?? [] }
        let wanted = desired?.parts(hasCronDirectory: observed.hasCronDirectory) ?? .init()
        let places = observed.places
        return table(from: observed.table, to: wanted.table, for: desired, at: places.table)
            + block(from: observed.block, to: wanted.block, in: places.crontab)
            + file(from: observed.service, to: wanted.service, at: places.service)
            + file(from: observed.timer, to: wanted.timer, at: places.timer)
            + timer(from: observed.timerState, isWanted: wanted.hasTimer, places.timerUnit)
    }

    /// Where nothing is, nobody has said which form the job will have: what counts is shown.
    private static func creation(of job: CronJobDesired) -> [Difference] {
        let line = job.schedule.text + " " + job.user + " " + job.shellCommand + "\n"
        guard job.scheduler == .systemd else {
            return [
                Difference("cron job \(job.name)", .content(old: nil, new: Content(line)))
            ]
        }
        let parts = job.parts(hasCronDirectory: false)
        return file(from: nil, to: parts.service, at: job.servicePath)
            + file(from: nil, to: parts.timer, at: job.timerPath)
            + timer(from: CronJobObservation.TimerState.stopped, isWanted: true, job.timerUnit)
    }

    /// A table that says the same in other words is as it should be.
    static func table(
        from seen: PathState?, to wanted: FileTarget?, for job: CronJobDesired?, at path: String
    ) -> [Difference] {
        let differences = file(from: seen, to: wanted, at: path)
        guard let job, wanted != nil, let text = seen?.content?.text, CronTable(text).says(job)
        else { return differences }
        return differences.map { difference in
            guard case .content = difference.value else { return difference }
            return Difference(difference.subject, difference.value, isNormalisation: true)
        }
    }

    static func file(from seen: PathState?, to wanted: FileTarget?, at path: String)
        -> [Difference]
    {
        if let wanted { return wanted.differences(from: seen) }
        return seen.map { [$0.differenceFromNothing(at: path)] } ?? []
    }

    private static func block(from seen: Content?, to wanted: Content?, in crontab: String)
        -> [Difference]
    {
        seen == wanted ? [] : [Difference(crontab, .content(old: seen, new: wanted))]
    }

    private static func timer(
        from seen: CronJobObservation.TimerState?, isWanted: Bool, _ unit: String
    ) -> [Difference] {
        let wanted = isWanted ? CronJobObservation.TimerState.running : .stopped
        guard let seen, seen != wanted else { return [] }
        return [Difference("state of \(unit)", .text(old: seen.words, new: wanted.words))]
    }
}
