import Resources
import Schemas
import YAML

extension FieldType where Value == [String] {
    /// Names of roles; `never` for none.
    static var roles: FieldType { .word(["never": []], or: .list(of: .string)) }
}

extension FieldType where Value == ColumnSpec.Uniqueness {
    /// `true`, `false`, or `all` for deleted rows too.
    static var uniqueness: FieldType {
        let boolean = FieldType<Bool>.boolean.map { $0 ? ColumnSpec.Uniqueness.live : .none }
        return FieldType("boolean | all", .oneOf([.boolean, .enumeration(["all"])])) {
            node, reader in
            node.text == "all" ? .all : boolean.read(node, &reader)
        }
    }
}

extension FieldType where Value == TableSpec.Unique {
    /// A list of columns, or `{all: [a, b]}` for deleted rows too.
    static var unique: FieldType {
        let columns = FieldType<[String]>.list(of: .string, minimum: 1)
        let all = FieldType.record(
            FieldTable(
                from: { TableSpec.Unique(isOfAll: true) },
                [
                    Field(
                        "all", \.columns, columns, isRequired: true,
                        "Columns whose values no two rows share, deleted or not.",
                        example: "[user_id, name]")
                ])
        ) { TableSpec.Unique(isOfAll: true) }
        return FieldType("\(columns.words) | all", .oneOf([columns.schema, all.schema])) {
            node, reader in
            if case .mapping = node.value { return all.read(node, &reader) }
            return columns.read(node, &reader).map { TableSpec.Unique(columns: $0) }
        }
    }
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
