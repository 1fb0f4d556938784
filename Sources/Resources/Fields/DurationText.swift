/// Durations as people write them: `90s`, `15m`, `24h`, `7d`.
package enum DurationText {
    /// The seconds that a text stands for; nil when it is no duration.
    package static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (0...100_000).contains(count)
        else { return nil }
        return count * unit
    }
}
