/// The rule by which a zone's clocks are set in years to come.
///
/// Source: RFC 9636, section 3.3.1; POSIX.1-2024, "Environment Variables", TZ.
struct TimezoneRule: Sendable, Equatable {
    /// When in a year clocks are set.
    struct Moment: Sendable, Equatable {
        enum Date: Sendable, Equatable {
            /// The nth day of the year from 1, the 29th of February never counted.
            case julian(Int)
            /// The nth day of the year from 0, the 29th of February counted.
            case ordinal(Int)
            /// The nth of a weekday in a month; the fifth is the last.
            case weekday(month: Int, week: Int, day: Int)
        }

        var date: Date
        /// Seconds after midnight, by the clock that is about to be set; may be negative.
        var time = 7200
    }

    /// The part of the year in which clocks are set otherwise.
    struct Summer: Sendable, Equatable {
        var offset: Int
        var start: Moment
        var end: Moment
    }

    /// Seconds east of Greenwich.
    var standard: Int
    var summer: Summer?

    func offset(at instant: Int) -> Int {
        guard summer != nil else { return standard }
        let year = 366 * 86400
        let before = transitions(in: (instant - year - 86400)..<(instant + 1))
        return before.last?.offset ?? standard
    }

    /// The transitions within a range of instants, in order.
    func transitions(in range: Range<Int>) -> [Timezone.Transition] {
        guard let summer, !range.isEmpty else { return [] }
        let first = CivilDay(number: range.lowerBound.flooredQuotient(by: 86400)).year - 1
        let last = CivilDay(number: range.upperBound.flooredQuotient(by: 86400)).year + 1
        var found: [(transition: Timezone.Transition, isStart: Bool)] = []
        for year in first...last {
            let start = summer.start.seconds(in: year) - standard
            let end = summer.end.seconds(in: year) - summer.offset
            found.append((.init(at: start, offset: summer.offset), true))
            found.append((.init(at: end, offset: standard), false))
        }
        // A summer that ends as the next begins lasts all year.
        return found.sorted {
            ($0.transition.at, $0.isStart ? 1 : 0) < ($1.transition.at, $1.isStart ? 1 : 0)
        }.map(\.transition).filter { range.contains($0.at) }
    }
}

extension TimezoneRule.Moment {
    /// Seconds since 1970 by the clock on the wall.
    func seconds(in year: Int) -> Int {
        let firstDay = CivilDay(year: year, month: 1, day: 1).number
        let number: Int
        switch date {
        case .julian(let day):
            let isLater = CivilDay.isLeap(year) && day >= 60
            number = firstDay + day - 1 + (isLater ? 1 : 0)
        case .ordinal(let day): number = firstDay + day
        case .weekday(let month, let week, let weekday):
            let first = CivilDay(year: year, month: month, day: 1).number
            let shift = (weekday - CivilDay.weekday(ofNumber: first) + 7) % 7
            var day = 1 + shift + (week - 1) * 7
            while day > CivilDay.length(ofMonth: month, in: year) { day -= 7 }
            number = first + day - 1
        }
        return number * 86400 + time
    }
}
