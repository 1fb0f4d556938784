import Diagnostics
import Expressions
import YAML

extension FieldType where Value == LocatedExpression {
    /// A condition over documents and changes.
    package static var expression: FieldType {
        FieldType("expression", .string()) { node, reader in
            guard case .scalar(let scalar) = node.value else {
                reader.expected("an expression", node)
                return nil
            }
            let place = ScalarPlace(node, in: reader.source)
            do throws(ExpressionError) {
                return LocatedExpression(
                    try Expression(parsing: scalar.text), at: place, in: reader.source)
            } catch {
                reader.report(
                    .expressionSyntax, at: place.mark(of: error.span), error.summary,
                    why: error.why, fix: error.fix)
                return nil
            }
        }
    }
}

extension FieldType where Value == PolicyRule {
    /// A rule: `deny` or `warn` with a condition, and a message.
    package static var policyRule: FieldType {
        let draft = FieldType<Draft>.record(Draft.table, from: { Draft() })
        return FieldType("rule", draft.schema) { node, reader in
            guard let draft = draft.read(node, &reader) else { return nil }
            switch (draft.deny, draft.warn) {
            case (let condition?, nil):
                return PolicyRule(effect: .deny, condition: condition, message: draft.message)
            case (nil, let condition?):
                return PolicyRule(effect: .warn, condition: condition, message: draft.message)
            case (.some, .some):
                reader.report(
                    .fieldConflict, at: node.mark, "`deny` and `warn` exclude each other",
                    fix: "make two rules of them")
            case (nil, nil):
                reader.report(
                    .fieldMissing, at: node.mark, "neither `deny` nor `warn` is there",
                    fix: "add `deny: kind == File && sensitive`")
            }
            return nil
        }
    }
}

/// A rule while it is read.
private struct Draft: Sendable {
    var deny: LocatedExpression?
    var warn: LocatedExpression?
    var message = ""

    static let table = FieldTable<Draft>(
        from: { Draft() },
        [
            Field(
                "deny", \.deny, .expression,
                "When this holds, the resource is an error, or the change is not made.",
                example: "\"kind == NginxSite && tls == none\""),
            Field(
                "warn", \.warn, .expression,
                "When this holds, it is only said.",
                example: "\"change.action == delete\""),
            Field(
                "message", \.message, .string, isRequired: true,
                "What people are told, and what they can do.",
                example: "A public site needs a certificate."),
        ])
}
