import YAML

/// One field of a kind: its name, where its value goes, its type, and what people are told of it.
package struct Field<Spec: Sendable>: Sendable {
    package let description: FieldDescription
    /// Puts the node's value into the spec; false when it is not valid.
    let read: @Sendable (Node, inout Spec, inout FieldReader) -> Bool

    /// A field that has a default, or that must be written.
    ///
    /// `defaultText` is the default as a document would write it; the value itself is what the
    /// spec's initializer puts there.
    package init<Value>(
        _ name: String, _ keyPath: any WritableKeyPath<Spec, Value> & Sendable,
        _ type: FieldType<Value>, isRequired: Bool = false, defaultText: String? = nil,
        _ documentation: String, example: String
    ) {
        description = FieldDescription(
            name: name, type: type.words, schema: type.schema, isRequired: isRequired,
            defaultText: defaultText, documentation: documentation, example: example)
        read = { node, spec, reader in
            guard let value = type.read(node, &reader) else { return false }
            spec[keyPath: keyPath] = value
            return true
        }
    }

    /// A field that may be left out, and has no default.
    package init<Value>(
        _ name: String, _ keyPath: any WritableKeyPath<Spec, Value?> & Sendable,
        _ type: FieldType<Value>, isRequired: Bool = false, defaultText: String? = nil,
        _ documentation: String, example: String
    ) {
        self.init(
            name, keyPath, type.map(Optional.some), isRequired: isRequired,
            defaultText: defaultText, documentation, example: example)
    }
}
