/// When a schedule comes about in a timezone.
///
/// A time that clocks leap over comes at the moment after the leap. One that they show twice comes
/// the first time, unless the schedule names every hour: then the hour that comes twice has both.
extension CronSchedule {
    /// The first instant after another at which it comes about, both in seconds since 1970; nil for
    /// a schedule that never does.
    package func next(after instant: Int, in zone: Timezone) -> Int? {
        guard !neverRuns else { return nil }
        // A leap of a whole day is the most that there has been.
        let first = (instant + zone.offset(at: instant)).flooredQuotient(by: 86400) - 2
        var number = first
        var best: Int?
        var last = first + Self.cycleDays
        while number <= last {
            let day = CivilDay(number: number)
            guard months.matches(day.month) else {
                number += CivilDay.length(ofMonth: day.month, in: day.year) - day.day + 1
                continue
            }
            if matches(day, number: number) {
                let clock = LocalClock(zone, around: number)
                if let offset = clock.soleOffset {
                    let found = start(onDay: number, after: instant + offset).map { $0 - offset }
                    if let found, best == nil { return found }
                    best = [best, found].compactMap(\.self).min()
                } else if let found = starts(onDay: number, by: clock, after: instant) {
                    // What clocks are set back over may come on a later day, and yet earlier.
                    if best == nil { last = min(last, number + 2) }
                    best = min(best ?? found, found)
                }
            }
            number += 1
        }
        return best
    }

    /// The calendar repeats itself after 400 years.
    private static let cycleDays = 146_097 + 4

    private func matches(_ day: CivilDay, number: Int) -> Bool {
        let isDay = days.matches(day.day)
        let isWeekday = weekdays.matches(CivilDay.weekday(ofNumber: number))
        return isEitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    /// The first of a day's times, on the wall, after another time on the wall.
    private func start(onDay number: Int, after local: Int) -> Int? {
        let midnight = number * 86400
        for hour in hours.values where midnight + hour * 3600 + 3599 > local {
            for minute in minutes.values {
                let time = midnight + hour * 3600 + minute * 60
                if time > local { return time }
            }
        }
        return nil
    }

    /// The earliest instant of a day's times that comes after another.
    private func starts(onDay number: Int, by clock: LocalClock, after instant: Int) -> Int? {
        var best: Int?
        for hour in hours.values {
            for minute in minutes.values {
                let instants = clock.instants(of: number * 86400 + hour * 3600 + minute * 60)
                for found in hours.isFull ? instants[...] : instants.prefix(1)
                where found > instant {
                    best = min(best ?? found, found)
                }
            }
        }
        return best
    }
}

/// A zone's clocks around one day: stretches of time between the moments at which they are set.
private struct LocalClock {
    private struct Stretch {
        var start: Int
        var end: Int
        var offset: Int
    }

    private let stretches: [Stretch]

    init(_ zone: Timezone, around number: Int) {
        let range = (number * 86400 - 2 * 86400)..<(number * 86400 + 3 * 86400)
        var stretches: [Stretch] = []
        var (start, offset) = (range.lowerBound, zone.offset(at: range.lowerBound))
        for transition in zone.transitions(in: (range.lowerBound + 1)..<range.upperBound) {
            stretches.append(.init(start: start, end: transition.at, offset: offset))
            (start, offset) = (transition.at, transition.offset)
        }
        stretches.append(.init(start: start, end: range.upperBound, offset: offset))
        self.stretches = stretches
    }

    /// The one offset that holds all the time; nil where clocks are set.
    var soleOffset: Int? { stretches.count == 1 ? stretches.first?.offset : nil }

    /// The instants at which clocks show a time, in order; the moment after where they leap over
    /// it.
    func instants(of local: Int) -> [Int] {
        var found: [Int] = []
        for stretch in stretches {
            let instant = local - stretch.offset
            if instant >= stretch.start, instant < stretch.end { found.append(instant) }
        }
        guard found.isEmpty else { return found }
        let leap = zip(stretches, stretches.dropFirst()).first { before, after in
            before.end + before.offset <= local && local < after.start + after.offset
        }
        return leap.map { [$0.1.start] } ?? []
    }
}
