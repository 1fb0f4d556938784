import Diagnostics

extension Expression {
    /// The longest text, in Unicode scalars.
    package static let lengthLimit = 4000
    /// How many parentheses and `!` may stand within each other.
    package static let depthLimit = 32

    /// Reads an expression.
    ///
    /// - Throws: the first thing that is wrong, with its place.
    package init(parsing text: String) throws(ExpressionError) {
        var parser = ExpressionParser(text)
        self = try parser.whole()
    }
}

/// The grammar of `docs/kinds/policy.md`, a function a rule.
private struct ExpressionParser {
    private var scanner: Scanner
    private var depth = 0

    init(_ text: String) {
        scanner = Scanner(text)
    }

    mutating func whole() throws(ExpressionError) -> Expression {
        guard scanner.count <= Expression.lengthLimit else {
            throw ExpressionError(
                "this expression has \(scanner.count) characters, \(Expression.lengthLimit) are "
                    + "allowed", at: scanner.here, fix: "make several rules of it")
        }
        let expression = try any()
        guard scanner.next == nil else { throw unexpected("`&&`, `||` or the end") }
        return expression
    }

    private mutating func any() throws(ExpressionError) -> Expression {
        var parts = [try all()]
        while scanner.take("||") { parts.append(try all()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func all() throws(ExpressionError) -> Expression {
        var parts = [try term()]
        while scanner.take("&&") { parts.append(try term()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    /// A term, and the blanks around it.
    private mutating func term() throws(ExpressionError) -> Expression {
        scanner.skipBlanks()
        let start = scanner.here
        depth += 1
        guard depth <= Expression.depthLimit + 1 else {
            throw ExpressionError(
                "this is nested more than \(Expression.depthLimit) levels deep", at: start,
                fix: "make several rules of it")
        }
        defer { depth -= 1 }
        let expression: Expression
        if scanner.take("!") {
            expression = .not(try term())
        } else if scanner.take("(") {
            expression = try any()
            guard scanner.take(")") else {
                if scanner.next != nil { throw unexpected("`)`, `&&` or `||`") }
                throw ExpressionError(
                    "this parenthesis is not closed", at: start, fix: "end it with `)`")
            }
        } else {
            expression = .test(try test())
        }
        scanner.skipBlanks()
        return expression
    }

    private mutating func test() throws(ExpressionError) -> Test {
        let path = try path()
        scanner.skipBlanks()
        if isAtEndOfTerm { return Test(path: path, check: .isTrue) }
        let symbol = try symbol()
        guard symbol.text != "exists" else { return Test(path: path, check: .exists) }
        guard let comparison = Operator(rawValue: symbol.text) else {
            throw unknown(symbol.text, at: symbol.span, after: path)
        }
        scanner.skipBlanks()
        return Test(path: path, check: .compares(comparison, try operand(of: comparison)))
    }

    // MARK: - Paths

    private mutating func path() throws(ExpressionError) -> Path {
        guard let first = scanner.next, first.startsName || first == "\"" else {
            throw unexpected("a field")
        }
        var segments = [try segment()]
        while scanner.take(".") { segments.append(try segment()) }
        return Path(segments: segments)
    }

    private mutating func segment() throws(ExpressionError) -> Path.Segment {
        let part: (text: String, span: Span)
        if scanner.next == "\"" {
            part = try scanner.quoted()
        } else {
            part = scanner.run(\.isOfName)
            if part.text.isEmpty { throw unexpected("a name") }
        }
        return Path.Segment(name: part.text, span: part.span)
    }

    // MARK: - Operators

    private var isAtEndOfTerm: Bool {
        guard let next = scanner.next else { return true }
        return next == ")" || next == "&" || next == "|"
    }

    /// An operator as it is written, whether or not there is one of that name.
    private mutating func symbol() throws(ExpressionError) -> (text: String, span: Span) {
        let signs = scanner.run(\.isOfOperator)
        if !signs.text.isEmpty { return signs }
        let word = scanner.run(\.startsName)
        if !word.text.isEmpty { return word }
        throw unexpected("an operator")
    }

    private func unknown(_ text: String, at span: Span, after path: Path) -> ExpressionError {
        let fixes = [
            "=": "write `==`", "===": "write `==`", "!==": "write `!=`", "=~": "write `matches`",
            "~=": "write `matches`", "and": "write `&&`", "or": "write `||`", "is": "write `==`",
            "not": "write `!(… in […])`", "has": "write `contains`", "like": "write `matches`",
            "=>": "write `>=`", "=<": "write `<=`", "<>": "write `!=`",
        ]
        let known = Operator.allCases.map(\.rawValue) + ["exists"]
        if path.description == "not" {
            return ExpressionError(
                "`not` is no operator", at: path.span, fix: "write `!(…)`")
        }
        return ExpressionError(
            "unknown operator `\(text)`", at: span,
            fix: fixes[text] ?? Suggestion.sentence(for: text, among: known)
                ?? "the operators are \(known.joined(separator: " ")), and && || ! between tests")
    }

    // MARK: - Literals

    private mutating func operand(of comparison: Operator) throws(ExpressionError) -> Literal {
        switch comparison {
        case .equal, .unequal: return try literal()
        case .isIn:
            guard scanner.next == "[" else {
                throw unexpected("a list", fix: "write `in [one, another]`, or `==`")
            }
            return try literal()
        case .contains:
            guard scanner.next != "[" else {
                throw unexpected("one value", fix: "ask for each with a `contains` of its own")
            }
            return try literal()
        case .matches: return try pattern()
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let literal = try literal()
            guard case .number = literal.value else {
                throw ExpressionError(
                    "`\(comparison.rawValue)` compares numbers, found `\(literal)`",
                    at: literal.span)
            }
            return literal
        }
    }

    /// A text, whatever it looks like.
    private mutating func pattern() throws(ExpressionError) -> Literal {
        guard scanner.next != "[" else {
            throw unexpected("one pattern", fix: "ask for each with a `matches` of its own")
        }
        let part = try word()
        return Literal(text: part.text, part.span)
    }

    private mutating func literal() throws(ExpressionError) -> Literal {
        if scanner.next == "[" { return try list() }
        let isQuoted = scanner.next == "\""
        let part = try word()
        return isQuoted
            ? Literal(text: part.text, part.span) : Literal(word: part.text, part.span)
    }

    private mutating func word() throws(ExpressionError) -> (text: String, span: Span) {
        if scanner.next == "\"" { return try scanner.quoted() }
        let part = scanner.run(\.isOfWord)
        guard part.text.isEmpty else { return part }
        throw unexpected(
            "a value", fix: scanner.next == "'" ? "write texts in double quotes" : nil)
    }

    private mutating func list() throws(ExpressionError) -> Literal {
        let start = scanner.position
        var elements: [Literal] = []
        _ = scanner.take("[")
        scanner.skipBlanks()
        while !scanner.take("]") {
            if !elements.isEmpty {
                guard scanner.take(",") else { throw unexpected("`,` or `]`") }
                scanner.skipBlanks()
            }
            guard scanner.next != "[" else { throw unexpected("a value that is no list") }
            elements.append(try literal())
            scanner.skipBlanks()
        }
        return Literal(list: elements, Span(start: start, length: scanner.position - start))
    }

    // MARK: - Messages

    private func unexpected(_ expected: String, fix: String? = nil) -> ExpressionError {
        let advice: String? =
            switch scanner.next {
            case "&": "write `&&`"
            case "|": "write `||`"
            case "'": "write texts in double quotes"
            default: nil
            }
        return ExpressionError(
            "expected \(expected), found \(scanner.found)", at: scanner.here,
            fix: fix ?? advice)
    }
}
