/// A condition over a document.
///
/// Total: a test costs as much as the field and the literal that it compares are long, nothing
/// repeats, and what is not there is null. Parsing limits length and depth.
package indirect enum Expression: Sendable, Equatable {
    /// All of these hold; at least two.
    case all([Expression])
    /// One of these holds; at least two.
    case any([Expression])
    case not(Expression)
    case test(Test)
}

/// What is asked of one field.
package struct Test: Sendable, Equatable {
    /// What must be true of the field's value.
    package enum Check: Sendable, Equatable {
        /// It is `true`.
        case isTrue
        /// It is not null.
        case exists
        case compares(Operator, Literal)
    }

    package let path: Path
    package let check: Check
}

/// A comparison of a field with a literal.
package enum Operator: String, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case contains = "contains"
    case matches = "matches"
}

extension Expression {
    /// Every test, in the order of the text.
    package var tests: [Test] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.tests)
        case .not(let part): part.tests
        case .test(let test): [test]
        }
    }

    /// The names that its paths begin with.
    package var roots: Set<String> { Set(tests.map(\.path.root.name)) }
}

extension Expression: CustomStringConvertible {
    /// As the language writes it; reading that gives the same expression.
    package var description: String {
        switch self {
        case .all(let parts):
            parts.map { $0.isCombined ? "(\($0))" : "\($0)" }.joined(separator: " && ")
        case .any(let parts):
            parts.map { part in
                if case .any = part { "(\(part))" } else { "\(part)" }
            }.joined(separator: " || ")
        case .not(let part):
            part.isCombined ? "!(\(part))" : "!\(part)"
        case .test(let test): test.description
        }
    }

    private var isCombined: Bool {
        switch self {
        case .all, .any: true
        case .not, .test: false
        }
    }
}

extension Test: CustomStringConvertible {
    package var description: String {
        switch check {
        case .isTrue: "\(path)"
        case .exists: "\(path) exists"
        case .compares(let comparison, let literal): "\(path) \(comparison.rawValue) \(literal)"
        }
    }
}
