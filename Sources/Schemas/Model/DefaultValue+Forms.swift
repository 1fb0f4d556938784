import FoundationEssentials

/// The forms in which a default's text may be written, and the one that is kept.
extension DefaultValue {
    /// A moment as `2026-11-21 09:30:00.000`; nil for what is none, or not in UTC.
    ///
    /// A day alone is its first moment.
    package static func moment(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, isDay(bytes[..<10]) else { return nil }
        let day = String(decoding: bytes[..<10], as: UTF8.self)
        if bytes.count == 10 { return day + " 00:00:00.000" }
        guard bytes.count >= 19, bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"),
            isClock(bytes[11..<19])
        else { return nil }
        let clock = String(decoding: bytes[11..<19], as: UTF8.self)
        var rest = bytes[19...]
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            fraction = Array(rest.dropFirst().prefix { (0x30...0x39).contains($0) })
            rest = rest.dropFirst(1 + fraction.count)
        }
        let zone = String(decoding: rest, as: UTF8.self)
        guard ["", "Z", "+00", "+00:00"].contains(zone) else { return nil }
        let digits = String(decoding: (fraction + [0x30, 0x30, 0x30]).prefix(3), as: UTF8.self)
        return "\(day) \(clock).\(digits)"
    }

    /// JSON's meaning, whatever its blanks and the order of its names; nil for what is no JSON.
    package static func json(_ text: String) -> JSONMeaning? {
        try? JSONDecoder().decode(JSONMeaning.self, from: Data(text.utf8))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return bytes.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }

    private static func isDay(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = number(bytes[0..<4]), year > 0,
            let month = number(bytes[5..<7]), (1...12).contains(month),
            let day = number(bytes[8..<10])
        else { return false }
        let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
        return (1...length).contains(day)
    }

    private static func isClock(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hours = number(bytes[11..<13]), let minutes = number(bytes[14..<16]),
            let seconds = number(bytes[17..<19])
        else { return false }
        return hours < 24 && minutes < 60 && seconds < 60
    }
}

/// What a JSON text says.
package enum JSONMeaning: Equatable, Decodable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONMeaning])
    case object([String: JSONMeaning])

    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let elements = try? value.decode([JSONMeaning].self) {
            self = .array(elements)
        } else {
            self = .object(try value.decode([String: JSONMeaning].self))
        }
    }
}
