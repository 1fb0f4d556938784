extension TimezoneRule {
    /// Reads `CET-1CEST,M3.5.0,M10.5.0/3`; nil when it is not so.
    init?(_ text: String) {
        var parser = TimezoneRuleParser(text)
        guard let rule = parser.rule(), parser.isAtEnd else { return nil }
        self = rule
    }
}

/// Walks through a rule's text.
private struct TimezoneRuleParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func rule() -> TimezoneRule? {
        guard name(), let west = time(hours: 0...24) else { return nil }
        var rule = TimezoneRule(standard: -west)
        guard !isAtEnd else { return rule }
        guard name() else { return nil }
        var offset = rule.standard + 3600
        if !isAtEnd, bytes[position] != UInt8(ascii: ",") {
            guard let west = time(hours: 0...24) else { return nil }
            offset = -west
        }
        // Without dates the rule is whatever a system likes; RFC 9636 has none such.
        guard take(","), let start = moment(), take(","), let end = moment() else { return nil }
        rule.summer = .init(offset: offset, start: start, end: end)
        return rule
    }

    /// At least three letters, or anything in angle brackets.
    private mutating func name() -> Bool {
        if take("<") {
            while !isAtEnd, bytes[position] != UInt8(ascii: ">") { position += 1 }
            return take(">")
        }
        let start = position
        while !isAtEnd, Self.isLetter(bytes[position]) { position += 1 }
        return position - start >= 3
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
    }

    private mutating func moment() -> TimezoneRule.Moment? {
        let date: TimezoneRule.Moment.Date
        if take("J") {
            guard let day = number(1...365) else { return nil }
            date = .julian(day)
        } else if take("M") {
            guard let month = number(1...12), take("."), let week = number(1...5), take("."),
                let day = number(0...6)
            else { return nil }
            date = .weekday(month: month, week: week, day: day)
        } else {
            guard let day = number(0...365) else { return nil }
            date = .ordinal(day)
        }
        guard take("/") else { return .init(date: date) }
        // Version 3 of the format has times of other days.
        guard let time = time(hours: 0...167) else { return nil }
        return .init(date: date, time: time)
    }

    /// `[+-]HH[:MM[:SS]]` in seconds.
    private mutating func time(hours: ClosedRange<Int>) -> Int? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard let hour = number(hours) else { return nil }
        var seconds = hour * 3600
        if take(":") {
            guard let minute = number(0...59) else { return nil }
            seconds += minute * 60
            if take(":") {
                guard let second = number(0...59) else { return nil }
                seconds += second
            }
        }
        return isNegative ? -seconds : seconds
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int? {
        let start = position
        var value = 0
        while !isAtEnd, (0x30...0x39).contains(bytes[position]), position - start < 3 {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        return position > start && range.contains(value) ? value : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard !isAtEnd, UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }
}
