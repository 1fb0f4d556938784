import FoundationEssentials

/// Which texts may be defaults.
extension ColumnType {
    /// What a default of the type must be, where a text is none.
    ///
    /// - Parameters:
    ///   - text: the default, as a schema has it.
    ///   - engine: the database's.
    /// - Returns: what it should have been, for people; nil when it is a value of the type.
    package func expectation(ofDefault text: String, on engine: DatabaseEngine) -> String? {
        let isDay = Self.isZeroDay(text, engine) || DefaultValue.moment(text) != nil
        return switch base {
        case .int: Int(text) == nil || text.hasPrefix("+") ? "a whole number of 64 bits" : nil
        case .float: Self.isNumber(text) ? nil : "a number"
        case .decimal: decimalExpectation(text)
        case .bool: ["true", "false", "1", "0"].contains(text) ? nil : "true or false"
        case .string:
            text.unicodeScalars.count > maximum ?? 255
                ? "at most \(maximum ?? 255) characters" : nil
        case .enumeration: values?.contains(text) == false ? "one of its values" : nil
        case .date:
            isDay && text.utf8.count == 10 ? nil : "a date such as `2026-11-21`, or `now`"
        case .datetime: isDay ? nil : "a time in UTC such as `2026-11-21 09:30:00`, or `now`"
        case .json: DefaultValue.json(text) == nil ? "JSON" : nil
        case .uuid: UUID(uuidString: text) == nil ? "a UUID, or `uuid` for a new one" : nil
        case .text, .blob: nil
        }
    }

    /// Old tables of MariaDB have it.
    private static func isZeroDay(_ text: String, _ engine: DatabaseEngine) -> Bool {
        engine == .mariadb && text.hasPrefix("0000-00-00")
    }

    private static func isNumber(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
            && Double(text)?.isFinite == true
    }

    private func decimalExpectation(_ text: String) -> String? {
        guard let digits = DecimalDigits(text) else { return "a number such as `12.50`" }
        guard let precision else { return nil }
        let scale = scale ?? 0
        return digits.whole > precision - scale || digits.neededFraction > scale
            ? "a number of at most \(precision) digits, \(scale) of them after the point" : nil
    }
}
