package import YAML

/// How a field's value is read: its schema, and the function that takes a node to a value.
package struct FieldType<Value: Sendable>: Sendable {
    /// One or two words, for people.
    package var words: String
    package var schema: FieldSchema
    /// Nil when the node is no such value; the reader then holds why.
    package var read: @Sendable (Node, inout FieldReader) -> Value?

    package init(
        _ words: String, _ schema: FieldSchema,
        read: @escaping @Sendable (Node, inout FieldReader) -> Value?
    ) {
        self.words = words
        self.schema = schema
        self.read = read
    }

    /// The same values under another type, for spec properties that are not plain.
    package func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other)
        -> FieldType<Other>
    {
        FieldType<Other>(words, schema) { [read] node, reader in
            read(node, &reader).map(transform)
        }
    }

    /// The values for which `complaint` is nil.
    package func checked(
        _ words: String, pattern: String? = nil,
        _ complaint: @escaping @Sendable (Value) -> String?
    ) -> FieldType {
        let narrowed: FieldSchema =
            if case .string = schema { .string(pattern: pattern) } else { schema }
        return FieldType(words, narrowed) { [read] node, reader in
            guard let value = read(node, &reader) else { return nil }
            if let complaint = complaint(value) {
                reader.invalid(node, complaint)
                return nil
            }
            return value
        }
    }
}
