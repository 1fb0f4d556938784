import Diagnostics
import YAML

extension FieldType {
    static func suggestion(_ text: String, _ words: [String]) -> String? {
        Suggestion.sentence(for: text, among: words)
    }

    /// A list of `element`, in order, with at least `minimum` of them.
    package static func list<Element: Sendable>(
        of element: FieldType<Element>, minimum: Int = 0
    ) -> FieldType where Value == [Element] {
        FieldType("list of \(element.words)", .list(element.schema, minimum: minimum)) {
            node, reader in
            guard case .sequence(let nodes) = node.value else {
                reader.expected("a list", node)
                return nil
            }
            guard nodes.count >= minimum else {
                let words = minimum == 1 ? "one element" : "\(minimum) elements"
                reader.invalid(node, "must have at least \(words)")
                return nil
            }
            let values = nodes.enumerated().map { index, item in
                reader.descend(String(index), at: item.mark) { element.read(item, &$0) }
            }
            let read = values.compactMap(\.self)
            return read.count == nodes.count || reader.isLenient ? read : nil
        }
    }

    /// A mapping of names to `element`.
    package static func map<Element: Sendable>(
        of element: FieldType<Element>
    ) -> FieldType where Value == [String: Element] {
        FieldType("map of \(element.words)", .map(element.schema)) { node, reader in
            guard case .mapping(let pairs) = node.value else {
                reader.expected("a mapping", node)
                return nil
            }
            var result: [String: Element] = [:]
            var isComplete = true
            for pair in pairs {
                guard let key = pair.key.text else { continue }
                let value = reader.descend(key, at: pair.value.mark) {
                    element.read(pair.value, &$0)
                }
                result[key] = value
                isComplete = isComplete && value != nil
            }
            return isComplete || reader.isLenient ? result : nil
        }
    }

    /// A mapping of names to `element`, in the order in which it is written.
    package static func entries<Element: Sendable>(
        of element: FieldType<Element>
    ) -> FieldType where Value == [NamedEntry<Element>] {
        FieldType("map of \(element.words)", .map(element.schema)) { node, reader in
            guard case .mapping(let pairs) = node.value else {
                reader.expected("a mapping", node)
                return nil
            }
            let read = pairs.map { pair -> NamedEntry<Element>? in
                guard let key = pair.key.text, !key.isEmpty else {
                    reader.expected("a name", pair.key)
                    return nil
                }
                return reader.descend(key, at: pair.key.mark) {
                    element.read(pair.value, &$0)
                }.map { NamedEntry(name: key, value: $0) }
            }
            let entries = read.compactMap(\.self)
            return entries.count == pairs.count || reader.isLenient ? entries : nil
        }
    }

    /// A mapping with fields of its own.
    package static func record(
        _ table: FieldTable<Value>, from initial: @escaping @Sendable () -> Value
    ) -> FieldType {
        FieldType("mapping", .record(table.descriptions)) { node, reader in
            var value = initial()
            return table.read(node, into: &value, &reader) || reader.isLenient ? value : nil
        }
    }

    /// `word` for one value, anything else by `other`.
    package static func word(_ words: [String: Value], or other: FieldType) -> FieldType {
        let names = words.keys.sorted()
        return FieldType(
            names.joined(separator: " | ") + " | " + other.words,
            .oneOf([.enumeration(names), other.schema])
        ) { node, reader in
            guard let text = node.text else { return other.read(node, &reader) }
            if let value = words[text] { return value }
            reader.invalid(
                node, "must be \(names.joined(separator: ", ")) or \(other.words), is `\(text)`",
                fix: suggestion(text, names))
            return nil
        }
    }
}

/// A value of a mapping whose order matters.
package struct NamedEntry<Value: Sendable>: Sendable {
    package var name: String
    package var value: Value
}
