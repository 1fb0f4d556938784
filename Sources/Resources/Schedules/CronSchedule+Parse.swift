import Diagnostics

extension CronSchedule {
    private static let nicknames = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *",
        "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
        "@hourly": "0 * * * *",
    ]

    /// Reads five fields or a nickname.
    package init(_ text: String) throws(CronSyntaxError) {
        let words = text.split { $0 == " " || $0 == "\t" }
        if let first = words.first, first.hasPrefix("@") {
            try self.init(nickname: String(first), in: text, isAlone: words.count == 1)
            return
        }
        guard words.count == CronField.Sort.all.count else {
            throw CronSyntaxError(
                message: "must have 5 fields (minute, hour, day of the month, month, day of the "
                    + "week), has \(words.count)",
                offset: 0, length: text.unicodeScalars.count)
        }
        var fields: [CronField] = []
        for (word, sort) in zip(words, CronField.Sort.all) {
            fields.append(try CronFieldParser(sort: sort, schedule: text).field(word))
        }
        self.init(
            minutes: fields[0], hours: fields[1], days: fields[2], months: fields[3],
            weekdays: fields[4])
    }

    private init(nickname: String, in text: String, isAlone: Bool) throws(CronSyntaxError) {
        let length = text.unicodeScalars.count
        if nickname == "@reboot" {
            throw CronSyntaxError(
                message: "must be a time: `@reboot` is none", offset: 0, length: length,
                fix: "make it a service of the host's init system")
        }
        guard let fields = Self.nicknames[nickname.lowercased()], isAlone else {
            let known = Self.nicknames.keys.sorted()
            throw CronSyntaxError(
                message: "must be five fields or one of \(known.joined(separator: ", "))",
                offset: 0, length: length,
                fix: Suggestion.sentence(for: nickname, among: known))
        }
        try self.init(fields)
    }
}

/// Reads one field of a schedule: a list of `*`, values and ranges, each range with a step or not.
private struct CronFieldParser {
    let sort: CronField.Sort
    /// The whole text, which errors point into.
    let schedule: String

    /// One element of the list.
    private struct Item {
        var values: [Int]
        var text: String
    }

    func field(_ word: Substring) throws(CronSyntaxError) -> CronField {
        var items: [Item] = []
        for part in word.split(separator: ",", omittingEmptySubsequences: false) {
            guard !part.isEmpty else {
                throw error("has an empty element in its \(sort.words)", at: word)
            }
            items.append(try item(part))
        }
        let values = Set(items.flatMap(\.values))
        return CronField(
            values: values, isFull: values.count == sort.range.count,
            startsWithStar: word.hasPrefix("*"),
            text: items.map(\.text).joined(separator: ","))
    }

    private func item(_ part: Substring) throws(CronSyntaxError) -> Item {
        let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count <= 2 else { throw error("has more than one step", at: part) }
        let (range, text) = try range(pieces[0])
        guard pieces.count == 2 else { return Item(values: folded(range), text: text) }
        guard pieces[0] == "*" || pieces[0].contains("-") else {
            throw error(
                "has a step after a single \(sort.words)", at: part,
                fix: "write `\(pieces[0])-\(sort.range.upperBound)/\(pieces[1])`")
        }
        guard let step = number(pieces[1]), (1...range.count).contains(step) else {
            throw error(
                "must have a step from 1 to \(range.count) in its \(sort.words), "
                    + "has `\(pieces[1])`",
                at: pieces[1].isEmpty ? part : pieces[1])
        }
        let values = folded(stride(from: range.lowerBound, through: range.upperBound, by: step))
        let isPlain = range.upperBound <= sort.range.upperBound
        return Item(values: values, text: isPlain ? "\(text)/\(step)" : listed(values))
    }

    private func range(_ piece: Substring) throws(CronSyntaxError)
        -> (range: ClosedRange<Int>, text: String)
    {
        if piece == "*" { return (sort.range, "*") }
        let ends = piece.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = ends.first else {
            throw error("has no \(sort.words) in `\(piece)`", at: piece)
        }
        let low = try value(first, of: piece)
        guard ends.count == 2 else { return (low...low, listed(folded(low...low))) }
        var high = try value(ends[1], of: piece)
        // Sunday ends a week as well as it begins one: `sat-sun`.
        if high == 0, low > 0, sort.writable.contains(7), number(ends[1]) == nil { high = 7 }
        guard low <= high else {
            throw error("has a range that runs backwards: `\(piece)`", at: piece)
        }
        let isPlain = high <= sort.range.upperBound
        return (low...high, isPlain ? "\(low)-\(high)" : listed(folded(low...high)))
    }

    private func value(_ text: Substring, of piece: Substring) throws(CronSyntaxError) -> Int {
        if let index = sort.names.firstIndex(of: text.lowercased()) {
            return sort.range.lowerBound + index
        }
        let (low, high) = (sort.writable.lowerBound, sort.writable.upperBound)
        guard let number = number(text) else {
            let names = sort.names.isEmpty ? "" : " or a name such as `\(sort.names[1])`"
            throw error(
                "must have a number from \(low) to \(high)\(names) as its \(sort.words), "
                    + "has `\(piece)`",
                at: piece, fix: Suggestion.sentence(for: String(text), among: sort.names))
        }
        guard sort.writable.contains(number) else {
            throw error("must have a \(sort.words) from \(low) to \(high), has `\(text)`", at: text)
        }
        return number
    }

    /// Digits only: `Int` would take a sign as well.
    private func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    /// Both ways to write Sunday as one.
    private func folded(_ values: some Sequence<Int>) -> [Int] {
        values.map { $0 > sort.range.upperBound ? $0 - 7 : $0 }
    }

    private func listed(_ values: [Int]) -> String {
        values.map(String.init).joined(separator: ",")
    }

    private func error(_ message: String, at part: Substring, fix: String? = nil)
        -> CronSyntaxError
    {
        CronSyntaxError(
            message: message,
            offset: schedule.unicodeScalars.distance(
                from: schedule.startIndex, to: part.startIndex),
            length: max(1, part.unicodeScalars.count), fix: fix)
    }
}
