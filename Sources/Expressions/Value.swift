/// What an expression is asked of: a document, or a part of it.
package indirect enum Value: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([Value])
    case map([String: Value])

    /// What stands under the names of a path, one after another; null where nothing does.
    ///
    /// The elements of a list are called by their positions, from 0.
    subscript(path: Path) -> Value {
        var value = self
        for segment in path.segments {
            switch value {
            case .map(let entries): value = entries[segment.name] ?? .null
            case .list(let elements):
                guard let position = Int(segment.name), elements.indices.contains(position) else {
                    return .null
                }
                value = elements[position]
            case .null, .bool, .number, .text: return .null
            }
        }
        return value
    }

    /// Whether both mean the same: a text is the number or the truth value that it spells.
    ///
    /// Null is the same as null alone.
    func means(_ other: Value) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        case (.bool(let truth), .text(let text)), (.text(let text), .bool(let truth)):
            text == (truth ? "true" : "false")
        case (.number(let number), .text(let text)), (.text(let text), .number(let number)):
            NumberText.value(of: text) == number
        case (.list(let left), .list(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.means($1) }
        case (.map, _), (_, .map), (.list, _), (_, .list), (.null, _), (_, .null), (.bool, .number),
            (.number, .bool):
            false
        }
    }

    /// The number that this is, or spells.
    var number: Double? {
        switch self {
        case .number(let number): number
        case .text(let text): NumberText.value(of: text)
        case .null, .bool, .list, .map: nil
        }
    }
}

/// Decimal numbers: `-?[0-9]+(\.[0-9]+)?`, of at most 40 characters.
enum NumberText {
    private static let limit = 40

    /// The number that a text spells; nil for any other text.
    static func value(of text: String) -> Double? {
        guard text.utf8.count <= limit else { return nil }
        let unsigned = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        let parts = unsigned.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let isNumber = parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
        }
        return isNumber ? Double(text) : nil
    }
}
