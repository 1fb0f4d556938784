import Expressions
import Testing

@Suite("What is wrong with an expression, and where")
struct ExpressionErrorTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        var text: String
        var summary: String
        var start: Int
        var length = 1
        var fix: String?

        var testDescription: String { text }
    }

    static let mistakes = [
        Mistake(text: "", summary: "expected a field, found the end", start: 0),
        Mistake(text: "kind ==", summary: "expected a value, found the end", start: 7),
        Mistake(
            text: "kind = File", summary: "unknown operator `=`", start: 5, fix: "write `==`"),
        Mistake(
            text: "kind === File", summary: "unknown operator `===`", start: 5, length: 3,
            fix: "write `==`"),
        Mistake(
            text: "tags contians x", summary: "unknown operator `contians`", start: 5, length: 8,
            fix: "did you mean `contains`?"),
        Mistake(
            text: "kind == File and x", summary: "expected `&&`, `||` or the end, found `a`",
            start: 13),
        Mistake(
            text: "enabled and x", summary: "unknown operator `and`", start: 8, length: 3,
            fix: "write `&&`"),
        Mistake(
            text: "not enabled", summary: "`not` is no operator", start: 0, length: 3,
            fix: "write `!(…)`"),
        Mistake(
            text: "a & b", summary: "expected `&&`, `||` or the end, found `&`", start: 2,
            fix: "write `&&`"),
        Mistake(
            text: "(a | b)", summary: "expected `)`, `&&` or `||`, found `|`", start: 3,
            fix: "write `||`"),
        Mistake(
            text: "a && (b", summary: "this parenthesis is not closed", start: 5,
            fix: "end it with `)`"),
        Mistake(text: "a)", summary: "expected `&&`, `||` or the end, found `)`", start: 1),
        Mistake(
            text: "a == \"b", summary: "this text is not closed", start: 5, fix: "end it with `\"`"),
        Mistake(
            text: "a == \"b\\n\"", summary: "nothing but `\\\"` and `\\\\` is an escape", start: 7,
            length: 2, fix: "write `\\\\` for the sign itself"),
        Mistake(
            text: "a == 'b'", summary: "expected a value, found `'`", start: 5,
            fix: "write texts in double quotes"),
        Mistake(
            text: "kind in File", summary: "expected a list, found `F`", start: 8,
            fix: "write `in [one, another]`, or `==`"),
        Mistake(
            text: "kind in [File", summary: "expected `,` or `]`, found the end", start: 13),
        Mistake(
            text: "a == [[b]]", summary: "expected a value that is no list, found `[`", start: 6),
        Mistake(
            text: "port > many", summary: "`>` compares numbers, found `many`", start: 7, length: 4),
        Mistake(text: "a. == b", summary: "expected a name, found ` `", start: 2),
        Mistake(text: "a == ü && é == b", summary: "expected a field, found `é`", start: 10),
        Mistake(
            text: "a == b\u{0}",
            summary: "expected `&&`, `||` or the end, found a control character", start: 6),
    ]

    @Test("is said at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) {
        do throws(ExpressionError) {
            let expression = try Expression(parsing: mistake.text)
            Issue.record("it was read as \(expression)")
        } catch {
            #expect(error.summary == mistake.summary)
            #expect(error.span == Span(start: mistake.start, length: mistake.length))
            if let fix = mistake.fix { #expect(error.fix == fix) }
        }
    }

    @Test("is what is too long, and what is too deep")
    func limits() throws {
        let many = Array(repeating: "a == b", count: 400).joined(separator: " || ")
        #expect(try Expression(parsing: many).tests.count == 400)
        #expect(throws: ExpressionError.self) {
            try Expression(parsing: many + " || " + many)
        }
        for opening in ["(", "!"] {
            let closing = opening == "(" ? ")" : ""
            let deep = { (depth: Int) in
                String(repeating: opening, count: depth) + "a"
                    + String(repeating: closing, count: depth)
            }
            _ = try Expression(parsing: deep(Expression.depthLimit))
            #expect(throws: ExpressionError.self) {
                try Expression(parsing: deep(Expression.depthLimit + 1))
            }
            #expect(throws: ExpressionError.self) { try Expression(parsing: deep(3900)) }
        }
    }
}
