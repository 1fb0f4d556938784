/// What is wrong with an expression's text, and where.
package struct ExpressionError: Error, Sendable, Equatable {
    /// One line, lower case, without a full stop.
    package let summary: String
    package let span: Span
    package let why: String?
    package let fix: String?

    init(_ summary: String, at span: Span, why: String? = nil, fix: String? = nil) {
        self.summary = summary
        self.span = span
        self.why = why
        self.fix = fix
    }
}
