/// One field of a schedule.
package struct CronField: Sendable, Equatable {
    /// A bit for each value that it matches: thousands of jobs are held at once.
    private let mask: UInt64
    /// Every value that the field can have is matched.
    package var isFull: Bool
    /// It begins with `*`: `*/2` as well, which cron's rule for days takes for no restriction.
    package var startsWithStar: Bool
    /// In numbers, as crontabs write it.
    package var text: String

    /// Whether it matches a value from 0 to 63.
    func matches(_ value: Int) -> Bool { mask & (1 << UInt64(value)) != 0 }

    /// What it matches, in order.
    package var values: [Int] { (0..<UInt64.bitWidth).filter { mask & (1 << UInt64($0)) != 0 } }

    /// The values come in any order, each from 0 to 63.
    init(values: some Sequence<Int>, isFull: Bool, startsWithStar: Bool, text: String) {
        mask = values.reduce(0) { $0 | (1 << UInt64($1)) }
        self.isFull = isFull
        self.startsWithStar = startsWithStar
        self.text = text
    }
}

extension CronField {
    /// What a field may hold.
    struct Sort: Sendable {
        /// For messages: `day of the month`.
        var words: String
        var range: ClosedRange<Int>
        /// Names for the values from the lower bound on.
        var names: [String] = []
        /// The greatest number that may be written; Sunday is 0 and 7.
        var writable: ClosedRange<Int> {
            words == Self.weekday.words ? 0...7 : range
        }

        static let minute = Sort(words: "minute", range: 0...59)
        static let hour = Sort(words: "hour", range: 0...23)
        static let day = Sort(words: "day of the month", range: 1...31)
        static let month = Sort(
            words: "month", range: 1...12,
            names: [
                "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
            ])
        static let weekday = Sort(
            words: "day of the week", range: 0...6,
            names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

        /// In the order of a crontab's line.
        static let all = [minute, hour, day, month, weekday]
    }
}

/// What is wrong with a schedule, and where in its text.
package struct CronSyntaxError: Error, Equatable {
    package var message: String
    /// In Unicode scalars from the text's beginning.
    package var offset: Int
    package var length: Int
    package var fix: String?
}
