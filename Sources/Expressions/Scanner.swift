/// Reads an expression's text from left to right.
struct Scanner {
    private let scalars: [Unicode.Scalar]
    private(set) var position = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    var count: Int { scalars.count }

    /// What comes next; nil at the end.
    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    /// The place of what comes next: one scalar, also at the end.
    var here: Span { Span(start: position, length: 1) }

    mutating func skipBlanks() {
        while let scalar = next, scalar.isBlank { position += 1 }
    }

    /// Passes over `text` when it comes next.
    mutating func take(_ text: String) -> Bool {
        let wanted = text.unicodeScalars
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    /// Passes over all that come next and belong.
    mutating func run(_ belongs: (Unicode.Scalar) -> Bool) -> (text: String, span: Span) {
        let start = position
        while let scalar = next, belongs(scalar) { position += 1 }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<position])
        return (String(text), Span(start: start, length: position - start))
    }

    /// A text in double quotes, which come next.
    mutating func quoted() throws(ExpressionError) -> (text: String, span: Span) {
        let start = position
        position += 1
        var text = String.UnicodeScalarView()
        while let scalar = next {
            position += 1
            if scalar == "\"" {
                return (String(text), Span(start: start, length: position - start))
            }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            guard let escaped = next, escaped == "\"" || escaped == "\\" else {
                throw ExpressionError(
                    "nothing but `\\\"` and `\\\\` is an escape",
                    at: Span(start: position - 1, length: min(2, count - position + 1)),
                    fix: "write `\\\\` for the sign itself")
            }
            text.append(escaped)
            position += 1
        }
        throw ExpressionError(
            "this text is not closed", at: Span(start: start, length: 1),
            fix: "end it with `\"`")
    }

    /// How a message calls what comes next.
    var found: String {
        guard let scalar = next else { return "the end" }
        return scalar.value < 0x20 || scalar.value == 0x7F
            ? "a control character" : "`\(String(Character(scalar)))`"
    }
}
