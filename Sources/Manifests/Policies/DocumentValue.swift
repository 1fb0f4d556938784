import Expressions
import Resources
import YAML

/// Documents as expressions see them: as they are written, with defaults taken in.
enum DocumentValue {
    /// What a document says in the fields that `roots` names, and its kind and name.
    ///
    /// - Parameters:
    ///   - root: The document.
    ///   - address: Its address, which has the name that an app's folder may give.
    ///   - kind: Its kind.
    ///   - roots: The fields that are asked for.
    /// - Returns: a mapping.
    static func value(
        of root: Node, _ address: Address, _ kind: KindEntry, asking roots: Set<String>
    ) -> Value {
        let fields = (DocumentHead.table.descriptions + kind.fields).filter {
            roots.contains($0.name)
        }
        guard case .map(var entries) = record(fields, of: root) else { return .null }
        entries["kind"] = .text(kind.name.rawValue)
        entries["name"] = .text(root["name"]?.text ?? address.name)
        return .map(entries)
    }

    /// The fields of a mapping; those that it leaves out with their defaults.
    private static func record(_ fields: [FieldDescription], of node: Node) -> Value {
        var entries: [String: Value] = [:]
        for field in fields {
            if let written = node[field.name] {
                entries[field.name] = value(of: written, as: field.schema)
            } else if let text = field.defaultText,
                let root = ParsedText(Array(text.utf8)).documents.first?.root
            {
                entries[field.name] = value(of: root, as: field.schema)
            }
        }
        return .map(entries)
    }

    private static func value(of node: Node, as schema: FieldSchema?) -> Value {
        switch node.value {
        case .sequence(let nodes):
            let element = schema?.elementSchema
            return .list(nodes.map { value(of: $0, as: element) })
        case .mapping(let pairs):
            if let fields = schema?.record { return record(fields, of: node) }
            let element = schema?.entrySchema
            var entries: [String: Value] = [:]
            for pair in pairs {
                guard let key = pair.key.text else { continue }
                entries[key] = value(of: pair.value, as: element)
            }
            return .map(entries)
        case .scalar(let scalar):
            return schema?.takesText ?? false ? .text(scalar.text) : value(of: scalar)
        }
    }

    private static func value(of scalar: Scalar) -> Value {
        switch scalar.resolved {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .number(Double(value))
        case .float(let value): .number(value)
        case .string: .text(scalar.text)
        }
    }
}

extension FieldSchema {
    /// Every schema that a value may have.
    var choices: [FieldSchema] {
        guard case .oneOf(let schemas) = self else { return [self] }
        return schemas.flatMap(\.choices)
    }

    /// Whether a scalar is text, whatever it looks like.
    fileprivate var takesText: Bool {
        choices.contains { choice in
            switch choice {
            case .string, .enumeration, .reference, .scalar: true
            case .integer, .boolean, .list, .map, .record, .oneOf: false
            }
        }
    }

    /// What the elements of a list are.
    var elementSchema: FieldSchema? {
        for case .list(let element, _) in choices { return element }
        return nil
    }

    /// What the values of a mapping with any names are.
    fileprivate var entrySchema: FieldSchema? {
        for case .map(let element) in choices { return element }
        return nil
    }

    /// The fields of a mapping that has some of its own.
    var record: [FieldDescription]? {
        for case .record(let fields) in choices { return fields }
        return nil
    }
}
