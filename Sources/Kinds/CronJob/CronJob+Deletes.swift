import Resources

extension CronJob {
    static func losses(from observed: CronJobObservation, to desired: CronJobDesired?) -> [Loss] {
        guard desired == nil else { return [] }
        let places = observed.places
        let lines = observed.block.map {
            Loss("lines in the \(places.crontab)", .quarantine, sizeBytes: $0.size)
        }
        return [
            Loss.path(places.table, observed.table), lines,
            Loss.path(places.service, observed.service), Loss.path(places.timer, observed.timer),
        ].compactMap(\.self)
    }

    /// Every form, as a delete removes what is there of each.
    static func keepsakes(of desired: CronJobDesired) -> [Keepsake] {
        let block = CrontabBlock(desired)
        return [
            .path(desired.tablePath), .path(desired.servicePath), .path(desired.timerPath),
            .lines(user: desired.user, begin: block.begin, end: block.end),
        ]
    }

    static func revival(of desired: CronJobDesired, on facts: HostFacts) -> [Step] {
        switch desired.scheduler {
        case .cron:
            guard !facts.hasCronDirectory else { return [] }
            return [
                Step(
                    id: "announce crontab of \(desired.user)",
                    command: FileCommands.announceCrontab(of: desired.user), leavesTrace: false)
            ]
        case .systemd:
            return [StepPlan.reload, StepPlan.start(desired)]
        }
    }
}
