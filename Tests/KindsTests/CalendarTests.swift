import Resources
import Testing

@testable import Kinds

/// The timers' calendars against systemd's own reading of them, and the units against its checks.
@Suite struct CalendarTests {
    private static let schedules = [
        "0 3 * * *", "*/15 * * * *", "5-59/10 */6 * * *", "0 0 31 * *", "0 0 29 2 *",
        "30 4 1,15 * 5", "0 12 */2 * mon", "0 9-17 * jan,jul mon-fri", "0 0 * * sat-sun",
        "59 23 28-31 12 *", "0 0 1-31 * 1", "0 22 * * 1-5", "1,2,3,5 0 1 1 0-7", "@weekly",
    ]

    @Test("a timer elapses when cron would run", arguments: schedules)
    func calendars(_ text: String) throws {
        let job = try Self.job(text)
        var elapses: Set<String> = []
        for calendar in job.calendars {
            let ending = Self.analyze(
                ["calendar", "--iterations=6", "--base-time=2027-01-01 00:00:00 UTC", calendar])
            try #require(ending.status == 0, "\(ending.output) (systemd-analyze is in systemd)")
            elapses.formUnion(Self.elapses(in: ending.output))
        }
        #expect(elapses.sorted().prefix(6).elementsEqual(Self.runs(of: job.schedule, count: 6)))
    }

    @Test("systemd finds nothing wrong with the units")
    func units() throws {
        var job = try Self.job("*/15 9-17 1,15 jan-mar,dec sat-sun")
        job.command = ["/bin/true", "50% of \"it\"", "$HOME", #"back\slash"#, ";", "é '"]
        let folder = Folder()
        Folder.write(Array(job.service.utf8), to: "\(folder.path)/sample.service")
        Folder.write(Array(job.timer.utf8), to: "\(folder.path)/sample.timer")
        let ending = Self.analyze([
            "verify", "--man=no", "--recursive-errors=no", "\(folder.path)/sample.timer",
            "\(folder.path)/sample.service",
        ])
        #expect(ending.status == 0, "\(ending.output)")
        #expect(!ending.output.contains("sample."), "\(ending.output)")
    }

    private static func job(_ schedule: String) throws -> CronJobDesired {
        CronJobDesired(
            name: "sample", scheduler: .systemd, schedule: try CronSchedule(schedule),
            timezone: "UTC", user: "root", command: ["/bin/true"])
    }

    private static func analyze(_ words: [String]) -> Shell.Ending {
        Shell.dash.run("exec systemd-analyze \"$@\" 2>&1", words, in: Folder())
    }

    /// `2027-01-01 03:00:00` of each elapse.
    private static func elapses(in output: String) -> [String] {
        output.split(separator: "\n").compactMap { line in
            let isElapse =
                line.contains("Next elapse:") || line.contains("Iter. #")
                || line.contains("Iteration #")
            guard isElapse else { return nil }
            let words = line.split(separator: " ")
            guard let date = words.firstIndex(where: { $0.contains("-") && $0.count == 10 }) else {
                return nil
            }
            return "\(words[date]) \(words[date + 1])"
        }
    }

    /// Cron's own way: every minute is held against the fields.
    private static func runs(of schedule: CronSchedule, count: Int) -> [String] {
        var result: [String] = []
        var (year, month, day) = (2027, 1, 1)
        var weekday = 5
        while result.count < count, year < 2100 {
            let isDay = schedule.days.values.contains(day)
            let isWeekday = schedule.weekdays.values.contains(weekday)
            let isEither = schedule.isEitherDay
            if schedule.months.values.contains(month),
                isEither ? isDay || isWeekday : isDay && isWeekday
            {
                for hour in schedule.hours.values {
                    for minute in schedule.minutes.values
                    // The base time itself is no elapse after it.
                    where (year, month, day, hour, minute) != (2027, 1, 1, 0, 0) {
                        let date = [year, month, day].map(padded).joined(separator: "-")
                        result.append("\(date) \(padded(hour)):\(padded(minute)):00")
                    }
                }
            }
            (year, month, day) = next(year, month, day)
            weekday = (weekday + 1) % 7
        }
        return Array(result.prefix(count))
    }

    private static func next(_ year: Int, _ month: Int, _ day: Int) -> (Int, Int, Int) {
        let lengths = [31, year % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day == lengths[month - 1] else { return (year, month, day + 1) }
        return month == 12 ? (year + 1, 1, 1) : (year, month + 1, 1)
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
