import FoundationEssentials
import SQL
import Schemas

/// What a query of the app's own finds, held against the type that it declares.
///
/// An expression may come to anything: to guess what was meant would give a wrong answer.
enum FoundValue {
    /// It is one of that type.
    case asItStands
    /// It means exactly this value of that type.
    case converted(SQLValue)
    /// It is none.
    case other

    init(_ value: SQLValue, as type: ColumnType) {
        if value == .null {
            self = .asItStands
            return
        }
        let isOne: Bool
        switch type.base {
        case .string, .text, .enumeration, .blob: isOne = true
        case .int, .bool:
            self = Self.whole(value, type).map { .converted(.integer($0)) } ?? .other
            return
        case .float:
            self = Self.number(value).map { .converted(.real($0)) } ?? .other
            return
        case .decimal: isOne = Self.number(value) != nil
        case .date:
            // The hours of a moment are left out.
            let day = String(value.pathText.prefix(10))
            isOne = DateText.isDate(day) || day == Self.zeroDay
        case .datetime: isOne = Self.isMoment(value.pathText)
        case .uuid: isOne = UUID(uuidString: value.pathText) != nil
        case .json:
            let bytes = Array(value.pathText.utf8)
            isOne = (try? JSONParser.parse(bytes, depthLimit: 200)) != nil
        }
        self = isOne ? .asItStands : .other
    }

    /// What old tables of MariaDB hold where there is no day.
    private static let zeroDay = "0000-00-00"

    /// Servers count and add up in decimals: `3.0000` is 3.
    private static func whole(_ value: SQLValue, _ type: ColumnType) -> Int? {
        switch value {
        case .null, .blob: return nil
        case .integer(let integer): return integer
        case .real(let real): return Int(exactly: real)
        case .text(let text):
            // MariaDB's BIT is a byte.
            if type.base == .bool, text.utf8.count == 1, let bit = text.utf8.first, bit < 2 {
                return Int(bit)
            }
            let parts = text.split(
                separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            let isWhole = parts.count < 2 || parts[1].utf8.allSatisfy { $0 == UInt8(ascii: "0") }
            return isWhole ? parts.first.flatMap { Int($0) } : nil
        }
    }

    private static func number(_ value: SQLValue) -> Double? {
        switch value {
        case .null, .blob: return nil
        case .integer(let integer): return Double(integer)
        case .real(let real): return real.isFinite ? real : nil
        case .text(let text):
            let isPlain = text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0)
            }
            return isPlain ? Double(text) : nil
        }
    }

    /// Every form that is written as a time: with a zone or without, a day, seconds since 1970.
    private static func isMoment(_ text: String) -> Bool {
        // PostgreSQL leaves the minutes of a zone out.
        let forms = [text, text + "Z", text + ":00"]
        return Int(text) != nil || text.hasPrefix(zeroDay) || DateText.isDate(text)
            || forms.contains { DateText.moment($0) != nil }
    }
}
