import Diagnostics
import FoundationEssentials
import Resources
import Schemas

extension SchemaCheck {
    /// A default that no row could hold, or that each engine would take for something else.
    func checkDefault(of column: Column, _ findings: inout [Diagnostic]) {
        guard case .literal(let text) = column.defaultValue,
            let expected = expected(text, of: column.type)
        else { return }
        report(
            &findings, "fields.\(column.name).default",
            "the default of a \(column.type) must be \(expected), is `\(text)`",
            fix: "change it, or leave it out; `defaultSQL` takes an expression")
    }

    /// What the text should have been; nil when it is a value of the type.
    private func expected(_ text: String, of type: ColumnType) -> String? {
        switch type.base {
        case .int: Int(text) == nil || text.hasPrefix("+") ? "a whole number of 64 bits" : nil
        case .float: Self.isNumber(text) ? nil : "a number"
        case .decimal: decimal(text, type)
        case .bool: ["true", "false", "1", "0"].contains(text) ? nil : "true or false"
        case .string:
            text.unicodeScalars.count > type.maximum ?? 255
                ? "at most \(type.maximum ?? 255) characters" : nil
        case .enumeration:
            type.values?.contains(text) == false ? "one of its values" : nil
        case .date: isDay(text) ? nil : "a date such as `2026-11-21`, or `now`"
        case .datetime:
            DefaultValue.moment(text) == nil && !isZeroDay(text)
                ? "a time in UTC such as `2026-11-21 09:30:00`, or `now`" : nil
        case .json: DefaultValue.json(text) == nil ? "JSON" : nil
        case .uuid: UUID(uuidString: text) == nil ? "a UUID, or `uuid` for a new one" : nil
        case .text, .blob: nil
        }
    }

    private func isDay(_ text: String) -> Bool {
        text.utf8.count == 10 && (DefaultValue.moment(text) != nil || isZeroDay(text))
    }

    /// Old tables of MariaDB have it.
    private func isZeroDay(_ text: String) -> Bool {
        app.database.engine == .mariadb && text.hasPrefix("0000-00-00")
    }

    private static func isNumber(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
            && Double(text)?.isFinite == true
    }

    /// Zeros at the end of a fraction are no digits.
    private func decimal(_ text: String, _ type: ColumnType) -> String? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain =
            (1...2).contains(parts.count)
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
        guard isPlain else { return "a number such as `12.50`" }
        guard let precision = type.precision else { return nil }
        let scale = type.scale ?? 0
        let whole = parts[0].drop { $0 == "0" }.count
        let fraction = parts.count > 1 ? parts[1].reversed().drop { $0 == "0" }.count : 0
        return whole > precision - scale || fraction > scale
            ? "a number of at most \(precision) digits, \(scale) of them after the point" : nil
    }
}
