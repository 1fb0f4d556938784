extension Expression {
    /// Whether it holds for a document.
    package func holds(for document: Value) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.holds(for: document) }
        case .any(let parts): parts.contains { $0.holds(for: document) }
        case .not(let part): !part.holds(for: document)
        case .test(let test): test.holds(for: document)
        }
    }
}

extension Test {
    fileprivate func holds(for document: Value) -> Bool {
        let value = document[path]
        return switch check {
        case .isTrue: value.means(.bool(true))
        case .exists: value != .null
        case .compares(let comparison, let literal): comparison.holds(value, literal.value)
        }
    }
}

extension Operator {
    func holds(_ value: Value, _ literal: Value) -> Bool {
        switch self {
        case .equal: value.means(literal)
        case .unequal: !value.means(literal)
        case .less: Self.ordered(value, literal, by: <)
        case .lessOrEqual: Self.ordered(value, literal, by: <=)
        case .greater: Self.ordered(value, literal, by: >)
        case .greaterOrEqual: Self.ordered(value, literal, by: >=)
        case .isIn: Self.elements(of: literal).contains { value.means($0) }
        case .contains: Self.contains(value, literal)
        case .matches: Self.matches(value, literal)
        }
    }

    /// Numbers alone have an order.
    private static func ordered(
        _ value: Value, _ literal: Value, by isOrdered: (Double, Double) -> Bool
    ) -> Bool {
        guard let left = value.number, let right = literal.number else { return false }
        return isOrdered(left, right)
    }

    private static func elements(of literal: Value) -> [Value] {
        guard case .list(let elements) = literal else { return [] }
        return elements
    }

    /// An element of a list, a key of a mapping, a part of a text.
    private static func contains(_ value: Value, _ literal: Value) -> Bool {
        switch (value, literal) {
        case (.list(let elements), _): elements.contains { $0.means(literal) }
        case (.map(let entries), .text(let key)): entries[key] != nil
        case (.text(let text), .text(let part)): Pattern(part).isFound(in: text)
        default: false
        }
    }

    /// A text as a whole, or an element of a list.
    private static func matches(_ value: Value, _ literal: Value) -> Bool {
        guard case .text(let glob) = literal else { return false }
        let pattern = Glob(glob)
        switch value {
        case .text(let text): return pattern.matches(text)
        case .list(let elements):
            return elements.contains { element in
                guard case .text(let text) = element else { return false }
                return pattern.matches(text)
            }
        case .null, .bool, .number, .map: return false
        }
    }
}
