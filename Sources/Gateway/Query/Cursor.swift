import Identity
import SQL
import Schemas

/// Where a page of a list ended: the values that order it, of its last row.
///
/// Opaque to callers, but no secret: what it leads to is filtered like everything else, and its
/// values are bound.
struct Cursor: Equatable {
    /// Of the conditions and the order that it belongs to.
    var fingerprint: String
    var values: [SQLValue]

    /// The text of a cursor.
    var text: String {
        var json = WireText()
        json.raw("[")
        json.string(fingerprint)
        for value in values {
            json.comma()
            switch value {
            case .null: json.raw("null")
            case .integer(let integer): json.integer(integer)
            case .real(let real): json.raw(string: "[\"\(real.bitPattern)\"]")
            case .text(let text): json.string(text)
            case .blob: json.raw("null")
            }
        }
        json.raw("]")
        return Base64URL.encode(json.bytes)
    }

    init(fingerprint: String, values: [SQLValue]) {
        self.fingerprint = fingerprint
        self.values = values
    }

    /// - Throws: 404 for what no list gave out, or gave out for other conditions.
    init(_ text: String, fingerprint: String, count: Int) throws(APIError) {
        let message = "this cursor is not one of this list: begin without"
        let refusal = APIError(
            404, "invalid_cursor", message,
            [.init(field: "cursor", code: "invalid_cursor", message: message)])
        guard text.utf8.count <= 8192, let bytes = Base64URL.decode(text),
            let json = try? JSONParser.parse(bytes, depthLimit: 2), case .array(let items) = json,
            items.count == count + 1, items[0].string == fingerprint
        else { throw refusal }
        var values: [SQLValue] = []
        for item in items.dropFirst() {
            switch item {
            case .null: values.append(.null)
            case .number(let text):
                guard let integer = Int(text) else { throw refusal }
                values.append(.integer(integer))
            case .string(let text): values.append(.text(text))
            case .array(let parts):
                guard let bits = parts.first?.string.flatMap(UInt64.init) else { throw refusal }
                values.append(.real(Double(bitPattern: bits)))
            default: throw refusal
            }
        }
        self.init(fingerprint: fingerprint, values: values)
    }

    /// The condition of the rows after it.
    func condition(_ order: [OrderTerm]) -> SQLFragment {
        var alternatives: [SQLFragment] = []
        var same: [SQLFragment] = []
        for (term, value) in zip(order, values) {
            if let after = Self.after(term, value) {
                alternatives.append(
                    SQLFragment(
                        (same.map(\.sql) + [after.sql]).joined(separator: " AND "),
                        same.flatMap(\.values) + after.values))
            }
            same.append(
                value == .null
                    ? SQLFragment("\(term.column.quoted) IS NULL")
                    : SQLFragment("\(term.column.quoted) = \(term.column.comparand)", [value]))
        }
        guard !alternatives.isEmpty else { return SQLFragment("1 = 0") }
        return SQLFragment(
            "(" + alternatives.map(\.sql).joined(separator: " OR ") + ")",
            alternatives.flatMap(\.values))
    }

    /// The rows that one term alone puts after a value; nil when there can't be any.
    private static func after(_ term: OrderTerm, _ value: SQLValue) -> SQLFragment? {
        let column = term.column
        if value == .null {
            return term.nullsFirst ? SQLFragment("\(column.quoted) IS NOT NULL") : nil
        }
        let sign = term.isDescending ? "<" : ">"
        let isNullable = !column.column.isRequired && !term.nullsFirst
        let comparison = "\(column.quoted) \(sign) \(column.comparand)"
        return SQLFragment(
            isNullable ? "(\(comparison) OR \(column.quoted) IS NULL)" : comparison, [value])
    }
}
