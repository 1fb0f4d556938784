import Diagnostics
import Expressions
import Resources

/// Holds the names of an expression against what documents and changes have: a rule with a mistyped
/// field would never hold, and nobody would notice.
struct PolicyNames {
    private let kinds: [String: KindEntry]

    /// - Parameter kinds: Every kind by name.
    init(_ kinds: [String: KindEntry]) {
        self.kinds = kinds.filter { $0.key != "Policy" }
    }

    /// What is wrong with a condition's names; empty when nothing is.
    func problems(in condition: LocatedExpression) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        check(condition.expression, among: Set(kinds.keys), condition, &problems)
        return problems
    }

    /// Checks a part that can be asked of the kinds of `scope`.
    private func check(
        _ expression: Expression, among scope: Set<String>, _ condition: LocatedExpression,
        _ problems: inout [Diagnostic]
    ) {
        switch expression {
        case .all(let parts):
            let narrowed = parts.reduce(scope) { $0.intersection(named(by: $1) ?? $0) }
            let inner = narrowed.isEmpty ? scope : narrowed
            for part in parts { check(part, among: inner, condition, &problems) }
            problems += unanswerable(parts, condition)
        case .any(let parts):
            for part in parts { check(part, among: scope, condition, &problems) }
        case .not(let part): check(part, among: scope, condition, &problems)
        case .test(let test):
            if let problem = problem(of: test, among: scope, condition) {
                problems.append(problem)
            }
        }
    }

    /// The kinds of which a part can hold, as far as it names some; nil for any.
    private func named(by part: Expression) -> Set<String>? {
        switch part {
        case .test(let test):
            guard test.path.description == "kind", let words = test.allowedWords else { return nil }
            let known = Set(words).intersection(kinds.keys)
            return known.isEmpty ? nil : known
        case .any(let parts):
            let named = parts.compactMap(named)
            return named.count == parts.count ? named.reduce([]) { $0.union($1) } : nil
        case .all(let parts):
            let named = parts.compactMap(named)
            return named.dropFirst().reduce(named.first) { $0?.intersection($1) }
        case .not: return nil
        }
    }

    private func problem(
        of test: Test, among scope: Set<String>, _ condition: LocatedExpression
    ) -> Diagnostic? {
        switch test.path.root.name {
        case "kind": problem(of: test, ofKinds: condition)
        case "change": problem(of: test, ofChanges: condition)
        default: problem(of: test, ofFields: scope, condition)
        }
    }

    private func problem(of test: Test, ofKinds condition: LocatedExpression) -> Diagnostic? {
        if test.path.segments.count > 1 { return unknown(test.path.segments[1], [], condition) }
        return wrongWord(test, known: kinds.keys.sorted(), condition) { "unknown kind `\($0)`" }
    }

    private func problem(of test: Test, ofChanges condition: LocatedExpression) -> Diagnostic? {
        typealias Words = ChangePolicies.Vocabulary
        guard test.path.segments.count > 1 else {
            return condition.diagnostic(
                .expressionName, at: test.path.span, "`change` is no value by itself",
                fix: "ask for \(Words.fields.map { "`change.\($0)`" }.joined(separator: ", "))")
        }
        let field = test.path.segments[1]
        guard Words.fields.contains(field.name) else {
            return unknown(field, Words.fields, condition)
        }
        let isList = field.name == "differences"
        let rest = test.path.segments.dropFirst(2)
        if let extra = rest.dropFirst(isList && Int(rest.first?.name ?? "") != nil ? 1 : 0).first {
            return unknown(extra, [], condition)
        }
        guard !isList else { return nil }
        let known = field.name == "action" ? Words.actions : Words.causes
        return wrongWord(test, known: known, condition) {
            "`\(test.path)` is never `\($0)`"
        }
    }

    private func problem(
        of test: Test, ofFields scope: Set<String>, _ condition: LocatedExpression
    ) -> Diagnostic? {
        let entries = scope.sorted().compactMap { kinds[$0] }
        var level =
            DocumentHead.table.descriptions + entries.flatMap(\.fields)
        var schemas: [FieldSchema] = []
        for (depth, segment) in test.path.segments.enumerated() {
            let found =
                depth == 0
                ? level.filter { $0.name == segment.name }.map(\.schema)
                : schemas.flatMap { $0.inner(segment.name) }
            guard !found.isEmpty else {
                let known = level.map(\.name) + (depth == 0 ? ["kind", "change"] : [])
                let names = depth == 0 ? entries.map(\.name.rawValue) : []
                let isInList = schemas.contains { $0.elementSchema != nil }
                return unknown(segment, known, of: names, isInList: isInList, condition)
            }
            schemas = found.flatMap(\.choices)
            level = schemas.flatMap { $0.record ?? [] }
        }
        let words = schemas.map(\.words)
        guard words.allSatisfy({ $0 != nil }) else { return nil }
        let known = Set(words.flatMap { $0 ?? [] }).sorted()
        return wrongWord(test, known: known, condition) { "`\(test.path)` is never `\($0)`" }
    }

    // MARK: - Messages

    private func unknown(
        _ segment: Path.Segment, _ known: [String], of kinds: [String] = [],
        isInList: Bool = false, _ condition: LocatedExpression
    ) -> Diagnostic {
        let list = Set(known).sorted()
        let isListed = !list.isEmpty && list.count <= 20
        var why: String?
        if isInList {
            why = "the elements of a list are called by their positions, from 0"
        } else if list.isEmpty {
            why = "what stands before it has no fields"
        } else if (1...3).contains(kinds.count) {
            why = "there is no such field in \(kinds.joined(separator: ", "))"
        }
        return condition.diagnostic(
            .expressionName, at: segment.span, "unknown field `\(segment.name)`", why: why,
            fix: Suggestion.sentence(for: segment.name, among: list)
                ?? (isListed ? "the fields here are \(list.joined(separator: ", "))" : nil))
    }

    private func wrongWord(
        _ test: Test, known: [String], _ condition: LocatedExpression,
        summary: (String) -> String
    ) -> Diagnostic? {
        guard case .compares(let comparison, let literal) = test.check,
            [.equal, .unequal, .isIn].contains(comparison), !known.isEmpty,
            let wrong = literal.words.first(where: { !known.contains($0) })
        else { return nil }
        return condition.diagnostic(
            .expressionName, at: literal.span, summary(wrong),
            fix: Suggestion.sentence(for: wrong, among: known)
                ?? "there is \(known.joined(separator: ", "))")
    }

    /// What has left git has no document any more, so that a rule about deletes that asks for one
    /// of its fields would never protect anything.
    private func unanswerable(
        _ parts: [Expression], _ condition: LocatedExpression
    ) -> [Diagnostic] {
        let isOfDeletes = parts.contains { part in
            guard case .test(let test) = part else { return false }
            return test.path.description == "change.action" && test.allowedWords == ["delete"]
        }
        guard isOfDeletes else { return [] }
        let known = ["kind", "name", "server", "change"]
        let asked = parts.flatMap(\.tests).map(\.path).first { !known.contains($0.root.name) }
        guard let asked else { return [] }
        return [
            condition.diagnostic(
                .expressionUnanswerable, at: asked.span,
                "`\(asked)` is not known of what is deleted",
                why: "its document has left git; its kind, name and server are known",
                fix: "ask for these alone, such as `name matches db-*`")
        ]
    }
}

extension Test {
    /// The words of which the field must have one; nil when it may have others too.
    fileprivate var allowedWords: [String]? {
        guard case .compares(let comparison, let literal) = check,
            [.equal, .isIn].contains(comparison)
        else { return nil }
        return literal.words
    }
}

extension FieldSchema {
    /// What stands under a name, or at a position of a list; empty when nothing can.
    fileprivate func inner(_ name: String) -> [FieldSchema] {
        switch self {
        case .record(let fields): fields.filter { $0.name == name }.map(\.schema)
        case .map(let element): [element]
        case .list(let element, _): Int(name) == nil ? [] : [element]
        case .string, .integer, .boolean, .enumeration, .oneOf, .reference, .scalar: []
        }
    }

    /// The only texts that a value can be; nil when there are too many to name.
    fileprivate var words: [String]? {
        switch self {
        case .enumeration(let words): words
        case .boolean: ["true", "false"]
        case .record, .map, .list: []
        case .string, .integer, .reference, .scalar, .oneOf: nil
        }
    }
}
