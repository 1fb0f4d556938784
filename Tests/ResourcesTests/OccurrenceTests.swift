import Foundation
import TestSupport
import Testing

@testable import Resources

/// When schedules come about, against a clock that is watched minute by minute.
@Suite struct OccurrenceTests {
    private static func zone(_ name: String) throws -> Timezone {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/\(name)"))
        return try Timezone(name: name, file: Array(bytes))
    }

    /// Each with an instant near which its clocks are set.
    private static let moments: [(zone: String, near: Int)] = [
        ("Europe/Zurich", 1_774_746_000), ("Europe/Zurich", 1_792_890_000),
        ("America/St_Johns", 1_772_949_600), ("Australia/Lord_Howe", 1_775_314_800),
        ("Africa/Casablanca", 1_771_120_800), ("Pacific/Apia", 1_325_239_200),
        ("America/Sao_Paulo", 1_541_300_400), ("America/New_York", 1_793_512_800),
        ("Antarctica/Troll", 1_774_746_000), ("Asia/Kolkata", 1_800_000_000),
        ("Europe/Dublin", 4_000_000_000),
    ]

    @Test("the next start is the one that somebody would see who watches the clock")
    func watched() throws {
        var generator = SplitMix(seed: 5)
        for (name, near) in Self.moments {
            let zone = try Self.zone(name)
            for _ in 0..<12 {
                let text = Self.schedule(using: &generator)
                let schedule = try CronSchedule(text)
                let instant = near + Int.random(in: -200_000...100_000, using: &generator)
                let next = schedule.next(after: instant, in: zone)
                let seen = Watch(schedule, zone).next(after: instant)
                if let seen {
                    #expect(next == seen, "\(text) in \(name) after \(instant)")
                } else {
                    #expect((next ?? .max) > instant + Watch.length, "\(text) in \(name)")
                }
            }
        }
    }

    private static func schedule(using generator: inout SplitMix) -> String {
        let minutes = ["0", "30", "15,45", "*/20", "59", "*", "5-10"]
        let hours = ["*", "2", "0", "23", "1,2,3", "*/6", "0-23"]
        let days = ["*", "*", "*", "1-15", "*/2", "29,30"]
        let months = ["*", "*", "*", "mar-apr,oct-dec"]
        let weekdays = ["*", "*", "sun", "mon-fri", "*/3"]
        return [minutes, hours, days, months, weekdays]
            .map { $0.randomElement(using: &generator) ?? "*" }.joined(separator: " ")
    }

    @Test("a start that clocks leap over comes right after, one that they show twice comes first")
    func leaps() throws {
        let zurich = try Self.zone("Europe/Zurich")
        let daily = try CronSchedule("30 2 * * *")
        // 2026-03-29, 02:30 is not shown: 03:00 summer time is 01:00 UTC.
        #expect(daily.next(after: 1_774_700_000, in: zurich) == 1_774_746_000)
        // 2026-10-25, 02:30 is shown twice: at 00:30 and 01:30 UTC.
        #expect(daily.next(after: 1_792_880_000, in: zurich) == 1_792_888_200)
        #expect(daily.next(after: 1_792_888_200, in: zurich) == 1_792_888_200 + 90_000)
        let hourly = try CronSchedule("30 * * * *")
        #expect(hourly.next(after: 1_792_888_200, in: zurich) == 1_792_888_200 + 3600)
        // Samoa had no 30th of December 2011.
        let apia = try Self.zone("Pacific/Apia")
        let noon = try CronSchedule("0 12 30 12 *")
        #expect(noon.next(after: 1_325_000_000, in: apia) == 1_325_239_200)
    }

    @Test("what comes once in decades is found, and what never comes is known")
    func rare() throws {
        // The 29th of February 2100 is none; a Sunday it is in 2032, and then in 2060.
        let leap = try CronSchedule("0 0 29 2 */7")
        #expect(
            Timezone.utc.text(leap.next(after: 1_800_000_000, in: .utc) ?? 0)
                == "Sun 2032-02-29 00:00")
        #expect(
            Timezone.utc.text(leap.next(after: 2_000_000_000, in: .utc) ?? 0)
                == "Sun 2060-02-29 00:00")
        for text in ["30 2 30 2 *", "0 0 31 4,6,9,11 *", "0 0 30 2 */2"] {
            #expect(try CronSchedule(text).next(after: 0, in: .utc) == nil, "\(text)")
        }
        #expect(try CronSchedule("0 0 30 2 mon").next(after: 0, in: .utc) != nil)
    }

    @Test("days of the calendar have the numbers that date gives them")
    func days() {
        var day = CivilDay(year: 1600, month: 1, day: 1)
        var number = day.number
        #expect(number == -135_140)
        while day.year < 2101 {
            #expect(CivilDay(number: number) == day && day.number == number)
            number += 1
            day.day += 1
            if day.day > CivilDay.length(ofMonth: day.month, in: day.year) {
                (day.month, day.day) = (day.month + 1, 1)
            }
            if day.month > 12 { (day.year, day.month) = (day.year + 1, 1) }
        }
    }
}

/// Looks at a zone's clock each minute.
private struct Watch {
    /// How long it looks, in seconds.
    static let length = 5 * 86400

    private let schedule: CronSchedule
    private let zone: Timezone

    init(_ schedule: CronSchedule, _ zone: Timezone) {
        self.schedule = schedule
        self.zone = zone
    }

    func next(after instant: Int) -> Int? {
        // The clock is watched from long before, so as to know what it has shown already.
        var time = (instant - 2 * 86400) / 60 * 60
        var shown: Set<Int> = []
        var before = time - 60 + zone.offset(at: time - 60)
        while time <= instant + Self.length {
            let local = time + zone.offset(at: time)
            let isFirst = shown.insert(local).inserted
            var isStart = matches(local) && (isFirst || schedule.hours.isFull)
            var skipped = before + 60
            while skipped < local {
                isStart = isStart || matches(skipped)
                skipped += 60
            }
            if isStart, time > instant { return time }
            before = local
            time += 60
        }
        return nil
    }

    private func matches(_ local: Int) -> Bool {
        let parts = BrokenTime.parts(of: local)
        guard schedule.minutes.values.contains(parts.minute),
            schedule.hours.values.contains(parts.hour),
            schedule.months.values.contains(parts.month)
        else { return false }
        let isDay = schedule.days.values.contains(parts.day)
        let isWeekday = schedule.weekdays.values.contains(parts.weekday)
        return schedule.isEitherDay ? isDay || isWeekday : isDay && isWeekday
    }
}

private enum BrokenTime {
    /// By the C library, not by what is tested.
    static func parts(
        of local: Int
    ) -> (minute: Int, hour: Int, day: Int, month: Int, weekday: Int) {
        var time = time_t(local)
        var broken = tm()
        gmtime_r(&time, &broken)
        return (
            Int(broken.tm_min), Int(broken.tm_hour), Int(broken.tm_mday), Int(broken.tm_mon) + 1,
            Int(broken.tm_wday)
        )
    }
}
