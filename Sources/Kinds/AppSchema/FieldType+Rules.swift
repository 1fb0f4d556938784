import Resources
import Schemas
import YAML

extension FieldType where Value == [String] {
    /// Names of roles; `never` for none.
    static var roles: FieldType { .word(["never": []], or: .list(of: .string)) }
}

extension FieldType where Value == [RowFilter] {
    /// `owner`, `all`, `none` or an SQL condition, for everybody; or a mapping of roles to those,
    /// or to a mapping of operations to those.
    static var rowFilters: FieldType {
        FieldType("owner | all | none | by role", .oneOf([.scalar, .map(.scalar)])) {
            node, reader in
            if let text = node.text {
                return [RowFilter(role: "default", condition: condition(text))]
            }
            guard case .mapping(let pairs) = node.value else {
                reader.expected("a word, a condition, or a mapping of roles", node)
                return nil
            }
            return pairs.reduce([]) { filters, pair in
                guard let filters, let role = pair.key.text else { return nil }
                let more = Self.filters(of: role, pair.value, &reader)
                return more.map { filters + $0 }
            }
        }
    }

    private static func filters(
        of role: String, _ node: Node, _ reader: inout FieldReader
    ) -> [RowFilter]? {
        if let text = node.text { return [RowFilter(role: role, condition: condition(text))] }
        guard case .mapping(let pairs) = node.value else {
            reader.expected("a word, a condition, or a mapping of operations", node)
            return nil
        }
        return pairs.reduce([]) { filters, pair in
            guard let filters, let text = pair.value.text,
                let operation = Operation(rawValue: pair.key.text ?? "")
            else {
                reader.invalid(
                    pair.key, "must be one of list, show, create, update, delete")
                return nil
            }
            return filters
                + [RowFilter(role: role, operations: [operation], condition: condition(text))]
        }
    }

    private static func condition(_ text: String) -> RowFilter.Condition {
        switch text {
        case "owner": .owner
        case "all": .everything
        case "none": .nothing
        default: .expression(text)
        }
    }
}
