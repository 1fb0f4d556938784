import Resources
import YAML

extension JSONText {
    /// A value as a document would write it; nil when the text is no YAML.
    init?(yaml text: String, as schema: FieldSchema) {
        guard let root = ParsedText(Array(text.utf8)).documents.first?.root else { return nil }
        self.init(root, as: schema)
    }

    private init(_ node: Node, as schema: FieldSchema?) {
        switch node.value {
        case .sequence(let nodes):
            self = .array(nodes.map { JSONText($0, as: schema?.element) })
        case .mapping(let pairs):
            self = .object(
                pairs.map { pair in
                    let name = pair.key.text ?? ""
                    return Member(name, JSONText(pair.value, as: schema?.schema(of: name)))
                })
        case .scalar(let scalar):
            self = schema?.isText ?? false ? .string(scalar.text) : JSONText(scalar)
        }
    }

    private init(_ scalar: Scalar) {
        self =
            switch scalar.resolved {
            case .null: .null
            case .bool(let value): .bool(value)
            case .int(let value): .int(value)
            case .float(let value): .double(value)
            case .string: .string(scalar.text)
            }
    }
}

extension FieldSchema {
    /// Whether a value is text even where YAML would read a number.
    fileprivate var isText: Bool {
        switch self {
        case .string, .enumeration, .reference: true
        default: false
        }
    }

    /// What a list's elements are.
    fileprivate var element: FieldSchema? {
        guard case .list(let element, _) = self else { return nil }
        return element
    }

    /// What a mapping has under `name`.
    fileprivate func schema(of name: String) -> FieldSchema? {
        switch self {
        case .map(let element): element
        case .record(let fields): fields.first { $0.name == name }?.schema
        default: nil
        }
    }
}
