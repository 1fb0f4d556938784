/// What a clock on the wall shows in a timezone at any time.
///
/// Source: RFC 9636, section 3.2: the type before the first transition, the footer after the last.
package struct Timezone: Sendable, Equatable {
    /// A moment at which clocks are set.
    struct Transition: Sendable, Equatable {
        /// Seconds since 1970.
        var at: Int
        /// Seconds east of Greenwich from then on.
        var offset: Int
    }

    /// Coordinated Universal Time, which needs no file.
    package static let utc = Timezone(name: "UTC", initialOffset: 0, transitions: [], rule: nil)

    /// By its IANA name.
    package let name: String
    /// Seconds east of Greenwich before the first transition.
    let initialOffset: Int
    /// In order.
    let transitions: [Transition]
    /// What holds after the last transition; nil for what that one says.
    let rule: TimezoneRule?

    /// Seconds east of Greenwich at an instant, in seconds since 1970.
    package func offset(at instant: Int) -> Int {
        if let last = transitions.last, instant < last.at {
            return recorded(at: instant)
        }
        return rule?.offset(at: instant) ?? transitions.last?.offset ?? initialOffset
    }

    /// The transitions within a range of instants, in order; some may change nothing.
    func transitions(in range: Range<Int>) -> [Transition] {
        let first = index(after: range.lowerBound - 1)
        var found = Array(transitions[first...].prefix { $0.at < range.upperBound })
        let known = transitions.last?.at ?? Int.min
        if let rule, range.upperBound > known {
            found += rule.transitions(in: max(range.lowerBound, known &+ 1)..<range.upperBound)
        }
        return found
    }

    /// The offset that the table tells.
    private func recorded(at instant: Int) -> Int {
        let index = index(after: instant)
        return index == 0 ? initialOffset : transitions[index - 1].offset
    }

    /// The first transition that comes after an instant.
    private func index(after instant: Int) -> Int {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Timezone {
    /// An instant as the zone's clocks show it, to the minute: `Sat 2026-11-28 02:00`.
    package func text(_ instant: Int) -> String {
        let local = instant + offset(at: instant)
        let number = local.flooredQuotient(by: 86400)
        let day = CivilDay(number: number)
        let minutes = (local - number * 86400) / 60
        let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][
            CivilDay.weekday(ofNumber: number)]
        return "\(weekday) \(day.year)-\(Self.padded(day.month))-\(Self.padded(day.day)) "
            + "\(Self.padded(minutes / 60)):\(Self.padded(minutes % 60))"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
