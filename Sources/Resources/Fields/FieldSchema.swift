/// What values a field takes, without Swift's types: for `explain`, for the JSON Schema, for forms.
package indirect enum FieldSchema: Sendable, Equatable {
    /// `pattern` is an ECMA 262 regular expression that every valid value matches, if there is one
    /// that says it well enough.
    case string(pattern: String? = nil)
    case integer(ClosedRange<Int>)
    case boolean
    case enumeration([String])
    case list(FieldSchema, minimum: Int = 0)
    case map(FieldSchema)
    case record([FieldDescription])
    case oneOf([FieldSchema])
    /// The name of another resource.
    case reference(KindName)
    /// Any scalar, taken as text.
    case scalar
}

/// A field without Swift's types.
package struct FieldDescription: Sendable, Equatable {
    package var name: String
    /// One or two words for its type: `domain`, `absolute path`, `list of domains`.
    package var type: String
    package var schema: FieldSchema
    package var isRequired: Bool
    /// As a document would write it; nil when there is none.
    package var defaultText: String?
    /// One sentence.
    package var documentation: String
    /// As a document would write it.
    package var example: String

    package init(
        name: String, type: String, schema: FieldSchema, isRequired: Bool, defaultText: String?,
        documentation: String, example: String
    ) {
        self.name = name
        self.type = type
        self.schema = schema
        self.isRequired = isRequired
        self.defaultText = defaultText
        self.documentation = documentation
        self.example = example
    }
}
