import Resources

extension CronJob {
    /// What is wanted is put in place first, then what another scheduler left is taken away.
    static func steps(for change: Change<CronJob>) -> [Step] {
        let hasDirectory = change.facts.hasCronDirectory
        let plan = StepPlan(
            job: change.declared, observed: change.observed,
            wanted: change.desired?.parts(hasCronDirectory: hasDirectory) ?? .init(),
            facts: change.facts, isWanted: change.desired != nil,
            isUnfinished: change.isUnfinished)
        return plan.steps
    }

    /// A job as it is and as it should be on one host.
    struct StepPlan {
        let job: CronJobDesired
        let observed: CronJobObservation?
        let wanted: CronJobDesired.Parts
        let facts: HostFacts
        let isWanted: Bool
        let isUnfinished: Bool

        var steps: [Step] {
            wanted.hasTimer ? cron + systemd : systemd + cron
        }

        private var cron: [Step] {
            file(
                CronJob.table(
                    from: observed?.table, to: wanted.table, for: isWanted ? job : nil,
                    at: job.tablePath), wanted.table, job.tablePath) + crontab
        }

        private var crontab: [Step] {
            let isDue = observed?.block != wanted.block
            let block = CrontabBlock(job)
            let write = Step(
                id: "\(wanted.block == nil ? "remove from" : "write to") crontab of \(job.user)",
                command: FileCommands.replaceBlock(
                    inCrontabOf: job.user, with: wanted.block ?? Content([]),
                    from: block.begin, to: block.end))
            let isTold = isDue || (isUnfinished && !facts.hasCronDirectory)
            let tell = Step(
                id: "announce crontab of \(job.user)",
                command: FileCommands.announceCrontab(of: job.user), leavesTrace: false)
            return (isDue ? [write] : []) + (isTold ? [tell] : [])
        }

        private var systemd: [Step] {
            let service = file(
                CronJob.file(from: observed?.service, to: wanted.service, at: job.servicePath),
                wanted.service, job.servicePath)
            let timer = file(
                CronJob.file(from: observed?.timer, to: wanted.timer, at: job.timerPath),
                wanted.timer, job.timerPath)
            let state = observed?.timerState ?? .stopped
            // After an interruption nothing tells any more which scheduler's files were changed.
            let isReloadDue =
                !service.isEmpty || !timer.isEmpty
                || (isUnfinished && facts.initSystem == .systemd)
            let reload = isReloadDue ? [Self.reload] : []
            if wanted.hasTimer {
                let isStartDue = isReloadDue || state != .running
                return service + timer + reload + (isStartDue ? [Self.start(job)] : [])
            }
            let isStopDue = observed?.timer != nil || state != .stopped
            return (isStopDue ? [stop] : []) + timer + service + reload
        }

        static let reload = Step(
            id: "reload systemd", command: Command("systemctl daemon-reload"), leavesTrace: false)

        /// A running timer takes a new calendar only when it is started again.
        static func start(_ job: CronJobDesired) -> Step {
            Step(
                id: "start \(job.timerUnit)",
                command: Command(
                    "systemctl --quiet enable \"$1\" && systemctl restart \"$1\"",
                    [job.timerUnit]),
                leavesTrace: false)
        }

        /// A unit whose file is gone can't be disabled, but it may run on.
        private var stop: Step {
            Step(
                id: "stop \(job.timerUnit)",
                command: Command(
                    "systemctl --quiet disable --now \"$1\" 2>/dev/null || systemctl stop \"$1\"",
                    [job.timerUnit]))
        }

        private func file(
            _ differences: [Difference], _ wanted: FileTarget?, _ path: String
        ) -> [Step] {
            guard differences.contains(where: { !$0.isNormalisation }) else { return [] }
            guard let wanted else {
                return [Step(id: "remove \(path)", command: FileCommands.remove(path))]
            }
            return [Step(id: "write \(path)", command: FileCommands.write(wanted))]
        }
    }
}
