internal import FoundationEssentials
internal import Glibc

/// Points in time as the state keeps them: in UTC, whatever the machine's zone.
package enum Timestamp {
    /// Milliseconds since 1970, by the machine's clock.
    package static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    /// ISO 8601 with milliseconds, which sorts as the times do: `2026-01-31T12:00:00.250Z`.
    package static func iso8601(milliseconds: Int) -> String {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        // Formatted apart from the seconds, which a Date keeps as a floating-point number.
        let fraction = String(rest + 1000).dropFirst()
        let date = Date(timeIntervalSince1970: Double(seconds))
        return date.formatted(.iso8601).dropLast() + ".\(fraction)Z"
    }
}
