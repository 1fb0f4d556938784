package import Diagnostics
package import Expressions

/// One rule of a policy.
package struct PolicyRule: Sendable {
    /// What follows where a rule's condition holds.
    package enum Effect: String, Sendable {
        case deny
        case warn
    }

    package var effect: Effect
    package var condition: LocatedExpression
    /// What people are told.
    package var message: String

    package init(effect: Effect, condition: LocatedExpression, message: String) {
        self.effect = effect
        self.condition = condition
        self.message = message
    }

    /// Whether it is a rule about changes, which only a plan can ask.
    package var isOfChanges: Bool { condition.expression.roots.contains("change") }
}

/// What a `Policy` document says.
package struct PolicySpec: Sendable {
    package var rules: [PolicyRule] = []

    package init() {}
}

/// An expression with the place that it was written at.
package struct LocatedExpression: Sendable {
    package let expression: Expression
    private let place: ScalarPlace
    private let source: SourceText

    init(_ expression: Expression, at place: ScalarPlace, in source: SourceText) {
        self.expression = expression
        self.place = place
        self.source = source
    }

    /// Where a part of it stands; the whole when none is named.
    package func location(of span: Span? = nil) -> SourceLocation {
        source.location(of: place.mark(of: span))
    }

    /// A diagnostic at a part of it.
    package func diagnostic(
        _ code: DiagnosticCode, at span: Span? = nil, _ summary: String,
        severity: Diagnostic.Severity = .error, why: String? = nil, fix: String? = nil
    ) -> Diagnostic {
        let location = location(of: span)
        return Diagnostic(
            code, summary, severity: severity, at: location, excerpt: source.line(location.line),
            why: why, fix: fix)
    }
}
