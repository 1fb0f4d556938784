import YAML

extension FieldType where Value == String {
    /// Any text, line breaks and all.
    package static var text: FieldType {
        FieldType("text", .string()) { node, reader in
            guard case .scalar(let scalar) = node.value, case .string = scalar.resolved else {
                reader.expected("a string", node, fix: Self.quote(node))
                return nil
            }
            return scalar.text
        }
    }

    /// One line of text, without control characters.
    package static var string: FieldType {
        text.checked("string") { text in
            if text.isEmpty { return "must not be empty" }
            return text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
                ? "must not hold line breaks or other control characters" : nil
        }
    }

    /// Any scalar as its text, so that `8080`, `true` and `20m` need no quotes.
    package static var scalar: FieldType {
        FieldType("scalar", .scalar) { node, reader in
            guard let text = node.text else {
                reader.expected("a scalar", node)
                return nil
            }
            return text
        }
    }

    private static func quote(_ node: Node) -> String? {
        guard let text = node.text, !text.isEmpty else { return nil }
        return "put it in quotes: \"\(text)\""
    }
}

extension FieldType where Value == Int {
    /// A whole number within a range.
    package static func integer(_ range: ClosedRange<Int>, _ words: String = "integer")
        -> FieldType
    {
        FieldType(words, .integer(range)) { node, reader in
            guard case .scalar(let scalar) = node.value, case .int(let value) = scalar.resolved
            else {
                reader.expected("an integer", node)
                return nil
            }
            guard range.contains(value) else {
                reader.invalid(
                    node, "must be from \(range.lowerBound) to \(range.upperBound), is \(value)")
                return nil
            }
            return value
        }
    }

    package static var port: FieldType { integer(1...65535, "port") }

    /// `90s`, `15m`, `24h`, `7d`; the value is in seconds.
    package static var duration: FieldType {
        FieldType("duration", .string(pattern: "^[0-9]+[smhd]$")) { node, reader in
            guard let seconds = node.text.flatMap(DurationText.seconds) else {
                reader.invalid(node, "must be a duration such as `90s`, `15m`, `24h` or `7d`")
                return nil
            }
            return seconds
        }
    }
}

extension FieldType where Value == Bool {
    package static var boolean: FieldType {
        FieldType("boolean", .boolean) { node, reader in
            guard case .scalar(let scalar) = node.value, case .bool(let value) = scalar.resolved
            else {
                reader.expected(
                    "`true` or `false`", node,
                    fix: node.text.map { "YAML 1.2 reads `\($0)` as it stands" })
                return nil
            }
            return value
        }
    }
}

extension FieldType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the enumeration's words.
    package static var enumeration: FieldType {
        let words = Value.allCases.map(\.rawValue)
        return FieldType(words.joined(separator: " | "), .enumeration(words)) { node, reader in
            guard let text = node.text else {
                reader.expected("one of \(words.joined(separator: ", "))", node)
                return nil
            }
            guard let value = Value(rawValue: text) else {
                reader.invalid(
                    node, "must be one of \(words.joined(separator: ", ")), is `\(text)`",
                    fix: Self.suggestion(text, words) ?? Self.shortened(text, words))
                return nil
            }
            return value
        }
    }

    /// A word that was written out: `integer` for `int`.
    private static func shortened(_ text: String, _ words: [String]) -> String? {
        words.first { $0.count > 2 && text.lowercased().hasPrefix($0) }
            .map { "did you mean `\($0)`?" }
    }
}
