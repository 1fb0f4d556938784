import FoundationEssentials
import SQL
import Schemas

/// Takes values of requests to values of the database, or says what is wrong with them.
///
/// The same on every engine: what one would refuse is refused for all of them, before the
/// database is asked.
struct ValueReading: Sendable {
    let engine: DatabaseEngine

    /// What is wrong with a value: a stable word, and a sentence.
    struct Complaint: Error, Equatable {
        var code: String
        var message: String

        init(_ code: String, _ message: String) {
            self.code = code
            self.message = message
        }
    }

    /// A value of a body.
    func value(_ json: JSONValue, for type: ColumnType) throws(Complaint) -> SQLValue {
        switch (json, type.base) {
        case (.null, _): return .null
        case (_, .json):
            guard json.isStorable else {
                throw Complaint(
                    "format", "must hold no character NUL, and no number beyond 1e400")
            }
            var text = WireText()
            text.canonical(json)
            return .text(String(decoding: text.bytes, as: UTF8.self))
        case (.bool(let flag), .bool): return SQLValue(flag)
        case (_, .bool): throw Complaint("type", "must be true or false")
        case (.number(let text), .float): return try value(text, for: type)
        case (.number(let text), .int): return try value(Self.whole(text), for: type)
        case (.number(let text), .decimal): return .text(try decimal(Self.plain(text, type), type))
        case (.string(let text), .decimal): return try value(text, for: type)
        case (_, .int): throw Complaint("type", "must be an integer")
        case (_, .float), (_, .decimal): throw Complaint("type", "must be a number")
        case (.string(let text), _): return try value(text, for: type)
        default: throw Complaint("type", "must be a string")
        }
    }

    /// A value of a query, or the text of one of a body.
    func value(_ text: String, for type: ColumnType) throws(Complaint) -> SQLValue {
        switch type.base {
        case .int:
            guard let value = Int(text), !text.hasPrefix("+") else {
                throw Complaint("type", "must be an integer of 64 bits")
            }
            return .integer(value)
        case .float:
            let isDecimal = text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0)
            }
            guard isDecimal, let value = Double(text), value.isFinite else {
                throw Complaint("type", "must be a number")
            }
            return .real(value)
        case .decimal: return .text(try decimal(text, type))
        case .bool: return try truth(text)
        case .string, .text, .enumeration: return .text(try string(text, type))
        case .date:
            guard DateText.isDate(text) else {
                throw Complaint("format", "must be a date such as 2026-11-21")
            }
            return .text(text)
        case .datetime:
            guard let moment = DateText.moment(text), DateText.kept.contains(moment) else {
                throw Complaint(
                    "format", "must be a time with its zone, such as 2026-11-21T09:30:00Z")
            }
            return stored(moment)
        case .uuid:
            guard let uuid = UUID(uuidString: text) else {
                throw Complaint("format", "must be a UUID")
            }
            return .text(uuid.uuidString.lowercased())
        case .blob:
            guard let data = Data(base64Encoded: text) else {
                throw Complaint("format", "must be base64")
            }
            return .blob(Array(data))
        case .json: return .text(text)
        }
    }

    /// A moment as the engine keeps it; milliseconds since 1970.
    func stored(_ moment: Int) -> SQLValue {
        let text = DateText.text(moment, separator: " ")
        return .text(engine == .postgres ? text + "+00" : text)
    }

    private func truth(_ text: String) throws(Complaint) -> SQLValue {
        switch text {
        case "true", "1": return SQLValue(true)
        case "false", "0": return SQLValue(false)
        default: throw Complaint("type", "must be true or false")
        }
    }

    private func string(_ text: String, _ type: ColumnType) throws(Complaint) -> String {
        if text.utf8.contains(0) { throw Complaint("format", "must not hold the character NUL") }
        if let values = type.values, !values.contains(where: { $0.isSame(as: text) }) {
            throw Complaint("enum", "must be one of \(values.joined(separator: ", "))")
        }
        if let most = type.maximum, text.utf8.count > most, text.unicodeScalars.count > most {
            throw Complaint("too_long", "must have at most \(most) characters")
        }
        return text
    }

    /// A whole number without the zeros that some programs put behind the point: `7.0` is 7.
    private static func whole(_ number: String) -> String {
        let text = PlainNumber.text(number)
        guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")),
            text[point...].utf8.dropFirst().allSatisfy({ $0 == UInt8(ascii: "0") })
        else { return text }
        return String(text[..<point])
    }

    /// A number without an exponent, and without what is beyond a double's digits: what a program
    /// computes as 0.1 + 0.2 is 0.30.
    private static func plain(_ number: String, _ type: ColumnType) -> String {
        let text = PlainNumber.text(number)
        guard let scale = type.scale ?? type.precision.map({ _ in 0 }),
            let point = text.utf8.firstIndex(of: UInt8(ascii: ".")),
            text.utf8.distance(from: point, to: text.endIndex) > scale + 1,
            let value = Double(text)
        else { return text }
        let rounded = ValueWriting.rounded(value, scale)
        guard let near = Double(rounded), abs(near - value) <= abs(value) * 0x1p-50 else {
            return text
        }
        return rounded
    }

    private func decimal(_ text: String, _ type: ColumnType) throws(Complaint) -> String {
        guard let digits = DecimalDigits(text) else {
            throw Complaint("type", "must be a number such as 12.50")
        }
        guard let precision = type.precision else { return text }
        let scale = type.scale ?? 0
        if digits.fraction > scale {
            throw Complaint("too_long", "must have at most \(scale) digits after the point")
        }
        if digits.whole > precision - scale {
            throw Complaint(
                "too_long", "must have at most \(precision - scale) digits before the point")
        }
        return text
    }
}
