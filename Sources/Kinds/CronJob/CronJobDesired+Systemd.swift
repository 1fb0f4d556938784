import Resources

extension CronJobDesired {
    /// The unit that runs the command.
    ///
    /// Source: systemd.service(5), section "Command lines".
    var service: String {
        """
        \(heading)
        [Unit]
        Description=cron-job/\(name)

        [Service]
        Type=oneshot
        User=\(user)\(variableLines)
        ExecStart=\(command.map(Self.unitQuoted).joined(separator: " "))

        """
    }

    /// The unit that starts the other on time. `AccuracySec` is cron's own: on the minute.
    ///
    /// Source: systemd.timer(5).
    var timer: String {
        """
        \(heading)
        [Unit]
        Description=cron-job/\(name)

        [Timer]
        \(calendars.map { "OnCalendar=\($0)" }.joined(separator: "\n"))
        AccuracySec=1s
        Persistent=true

        [Install]
        WantedBy=timers.target

        """
    }

    /// The schedule as systemd writes it; two events where cron takes either of two days.
    ///
    /// Source: systemd.time(7), section "Calendar events".
    var calendars: [String] {
        let weekdays = Self.runs(of: schedule.weekdays.values.map { $0 == 0 ? 7 : $0 }.sorted()) {
            ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][$0 - 1]
        }
        let week = schedule.weekdays.isFull ? "" : weekdays + " "
        let zone = timezone.map { " " + $0 } ?? ""
        let months = Self.component(schedule.months)
        let time = "\(Self.component(schedule.hours)):\(Self.component(schedule.minutes)):00\(zone)"
        let days = Self.component(schedule.days)
        if schedule.isEitherDay, !schedule.days.isFull, !schedule.weekdays.isFull {
            return ["*-\(months)-\(days) \(time)", "\(week)*-\(months)-* \(time)"]
        }
        let isEither = schedule.isEitherDay
        return ["\(isEither ? "" : week)*-\(months)-\(isEither ? "*" : days) \(time)"]
    }

    private static func component(_ field: CronField) -> String {
        field.isFull ? "*" : runs(of: field.values) { $0 < 10 ? "0\($0)" : "\($0)" }
    }

    /// `1,2,3,5` becomes `01..03,05`.
    private static func runs(of values: [Int], _ name: (Int) -> String) -> String {
        var runs: [ClosedRange<Int>] = []
        for value in values {
            if let last = runs.last, last.upperBound + 1 == value {
                runs[runs.count - 1] = last.lowerBound...value
            } else {
                runs.append(value...value)
            }
        }
        return runs.flatMap { run -> [String] in
            run.count < 3
                ? run.map(name) : ["\(name(run.lowerBound))..\(name(run.upperBound))"]
        }.joined(separator: ",")
    }

    /// Source: systemd.exec(5), "Environment": `$` has no meaning there.
    private var variableLines: String {
        (environment ?? [:]).sorted { $0.key < $1.key }.map { name, value in
            let text = value.unicodeScalars.map { scalar in
                switch scalar {
                case "\\", "\"": "\\\(scalar)"
                case "%": "%%"
                default: String(scalar)
                }
            }
            return "\nEnvironment=\"\(name)=\(text.joined())\""
        }.joined()
    }

    /// One word of `ExecStart`: `%` would begin a specifier, `$` a variable.
    private static func unitQuoted(_ word: String) -> String {
        let escapes: [Unicode.Scalar: String] = [
            "\\": "\\\\", "\"": "\\\"", "%": "%%", "$": "$$",
        ]
        // By scalar: a combining mark after a quote makes one character of the two.
        let text = word.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
        let isPlain = word.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || "/._-:,@+%=".utf8.contains(byte)
        }
        return isPlain ? text : "\"\(text)\""
    }
}
