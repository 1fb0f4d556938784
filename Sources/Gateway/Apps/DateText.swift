/// Dates and times as text, in the proleptic Gregorian calendar and UTC.
enum DateText {
    /// The moments that can be written, of the years 1 to 9999: milliseconds since 1970.
    static let kept = day(1, 1, 1) * 86_400_000..<day(10_000, 1, 1) * 86_400_000

    /// The same in seconds.
    static let keptSeconds = kept.lowerBound / 1000..<kept.upperBound / 1000

    /// Whether a text is a date that there is, from year 1 to 9999.
    static func isDate(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 10 && day(bytes[...]) != nil
    }

    /// The milliseconds since 1970 of a time with its zone; nil for what is none.
    ///
    /// Source: RFC 3339, section 5.6; a leap second is none.
    static func moment(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40, let day = day(bytes[0..<10]),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ")
                || bytes[10] == UInt8(ascii: "t"),
            let seconds = clock(bytes[11..<19])
        else { return nil }
        var index = 19
        var milliseconds = 0
        if bytes[index] == UInt8(ascii: ".") {
            let end = bytes[(index + 1)...].firstIndex { !isDigit($0) } ?? bytes.count
            guard end > index + 1 else { return nil }
            var digits = bytes[(index + 1)..<end].prefix(3).map { Int($0) - 0x30 }
            while digits.count < 3 { digits.append(0) }
            milliseconds = digits.reduce(0) { $0 * 10 + $1 }
            index = end
        }
        guard let offset = zone(bytes[index...]) else { return nil }
        return (day * 86_400 + seconds - offset) * 1000 + milliseconds
    }

    /// `2026-11-21T09:30:00.000`, without a zone.
    static func text(_ moment: Int, separator: Character = "T") -> String {
        var text = WireText(capacity: 32)
        write(moment, separator: separator, to: &text)
        return text.written
    }

    /// Writes the same.
    static func write(_ moment: Int, separator: Character = "T", to text: inout WireText) {
        let days = moment >= 0 ? moment / 86_400_000 : (moment - 86_399_999) / 86_400_000
        let rest = moment - days * 86_400_000
        let (year, month, day) = date(ofDay: days)
        let seconds = rest / 1000
        text.padded(year, 4)
        text.raw("-")
        text.padded(month, 2)
        text.raw("-")
        text.padded(day, 2)
        text.byte(separator.asciiValue ?? UInt8(ascii: " "))
        text.padded(seconds / 3600, 2)
        text.raw(":")
        text.padded(seconds / 60 % 60, 2)
        text.raw(":")
        text.padded(seconds % 60, 2)
        text.raw(".")
        text.padded(rest % 1000, 3)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.allSatisfy(isDigit) else { return nil }
        return bytes.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }

    /// Days since 1970 of `YYYY-MM-DD`.
    private static func day(_ bytes: ArraySlice<UInt8>) -> Int? {
        let start = bytes.startIndex
        guard bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-"),
            let year = number(bytes[start..<start + 4]), year > 0,
            let month = number(bytes[start + 5..<start + 7]), (1...12).contains(month),
            let day = number(bytes[start + 8..<start + 10]), day > 0,
            day <= length(ofMonth: month, year)
        else { return nil }
        return self.day(year, month, day)
    }

    private static func length(ofMonth month: Int, _ year: Int) -> Int {
        let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        return switch month {
        case 2: isLeap ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Seconds since midnight of `HH:MM:SS`.
    private static func clock(_ bytes: ArraySlice<UInt8>) -> Int? {
        let start = bytes.startIndex
        guard bytes[start + 2] == UInt8(ascii: ":"), bytes[start + 5] == UInt8(ascii: ":"),
            let hours = number(bytes[start..<start + 2]), hours < 24,
            let minutes = number(bytes[start + 3..<start + 5]), minutes < 60,
            let seconds = number(bytes[start + 6..<start + 8]), seconds < 60
        else { return nil }
        return hours * 3600 + minutes * 60 + seconds
    }

    /// The seconds that a zone is ahead of UTC.
    private static func zone(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return nil }
        let start = bytes.startIndex
        if first == UInt8(ascii: "Z") || first == UInt8(ascii: "z") {
            return bytes.count == 1 ? 0 : nil
        }
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), bytes.count == 6,
            bytes[start + 3] == UInt8(ascii: ":"),
            let hours = number(bytes[start + 1..<start + 3]), hours < 24,
            let minutes = number(bytes[start + 4..<start + 6]), minutes < 60
        else { return nil }
        return (first == UInt8(ascii: "+") ? 1 : -1) * (hours * 3600 + minutes * 60)
    }

    // Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and
    // civil_from_days.

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func date(ofDay days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
