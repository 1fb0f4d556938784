import Expressions
import TestSupport
import Testing

@Suite("No text and no document traps")
struct FuzzTests {
    @Test("bytes are read, or refused at a place within them", arguments: 1...8)
    func bytes(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for _ in 0..<2500 {
            let bytes = (0..<random.below(60)).map { _ in UInt8(random.below(256)) }
            try check(String(decoding: bytes, as: UTF8.self), &random)
        }
    }

    private static let pieces = [
        "a", "kind", "labels.tier", ".", " ", "==", "!=", "<", "<=", ">", ">=", "=", "!", "(", ")",
        "&&", "||", "&", "|", "[", "]", ",", "\"", "\\", "in", "contains", "matches", "exists",
        "null", "true", "-1.5", "0644", "*", "é", "e\u{301}", "\u{0}", "\n", "'", "x.0", "\u{FEFF}",
    ]

    @Test("pieces of expressions in any order are read, or refused", arguments: 1...8)
    func pieces(seed: UInt64) throws {
        var random = SplitMix(seed: seed &* 977)
        for _ in 0..<2500 {
            let count = random.below(14)
            let text = (0..<count).map { _ in
                random.pick(Self.pieces) + (random.below(2) == 0 ? " " : "")
            }.joined()
            try check(text, &random)
        }
    }

    @Test("a well-formed expression is read, and printed as what reads the same", arguments: 1...8)
    func wellFormed(seed: UInt64) throws {
        var random = SplitMix(seed: seed &* 7919)
        for _ in 0..<1000 {
            let text = random.expression(depth: random.below(6))
            guard text.unicodeScalars.count <= Expression.lengthLimit else { continue }
            let expression = try Expression(parsing: text)
            try checkPrinting(of: expression)
            for _ in 0..<4 { checkEvaluation(of: expression, &random) }
        }
    }

    private func check(_ text: String, _ random: inout SplitMix) throws {
        do throws(ExpressionError) {
            let expression = try Expression(parsing: text)
            try checkPrinting(of: expression)
            checkEvaluation(of: expression, &random)
        } catch {
            let count = text.unicodeScalars.count
            #expect((0...count).contains(error.span.start), "\(text.debugDescription)")
            #expect(error.span.length >= 1, "\(text.debugDescription)")
            #expect(
                error.span.start + error.span.length <= count + 1, "\(text.debugDescription)")
        }
    }

    private func checkPrinting(of expression: Expression) throws(ExpressionError) {
        let printed = expression.description
        let again = try Expression(parsing: printed)
        #expect(again == expression, "\(printed)")
        #expect(again.description == printed)
    }

    private func checkEvaluation(of expression: Expression, _ random: inout SplitMix) {
        let document = random.document(depth: 3)
        let result = expression.holds(for: document)
        #expect(expression.holds(for: document) == result, "\(expression)")
        #expect(Expression.not(expression).holds(for: document) != result, "\(expression)")
    }
}

extension SplitMix {
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    private static let names = ["kind", "labels", "tls", "a", "b-c", "_d", "0", "\"x y\"", "\"\""]
    private static let words = [
        "none", "null", "true", "false", "3", "-2.50", "0644", "*.example.com", "a*b*c", "/etc/*",
        "\"\"", "\"a b\"", "\"3\"", "\"true\"", "\"\\\"\\\\\"", "ü", "\"\n\"",
    ]

    mutating func expression(depth: Int) -> String {
        guard depth > 0 else { return test() }
        switch below(5) {
        case 0: return "!" + blank() + "(" + expression(depth: depth - 1) + ")"
        case 1: return "(" + blank() + expression(depth: depth - 1) + blank() + ")"
        case 2: return "!" + test()
        default:
            let sign = pick(["&&", "||"])
            return (0..<(2 + below(2))).map { _ in expression(depth: depth - 1) }
                .joined(separator: blank() + sign + blank())
        }
    }

    private mutating func blank() -> String { pick(["", " ", "  ", "\n", "\t"]) }

    private mutating func test() -> String {
        var path = pick(Self.names.filter { $0 != "0" })
        for _ in 0..<below(3) { path += "." + pick(Self.names) }
        switch below(9) {
        case 0: return path
        case 1: return path + " exists"
        case 2: return "\(path) \(pick(["<", "<=", ">", ">="])) \(pick(["3", "-2.5", "0"]))"
        case 3: return "\(path) contains \(pick(Self.words))"
        case 4: return "\(path) matches \(pick(Self.words))"
        case 5:
            let list = (0..<below(4)).map { _ in pick(Self.words) }
            return "\(path) \(pick(["in", "==", "!="])) [\(list.joined(separator: ", "))]"
        default: return path + blank() + pick(["==", "!="]) + blank() + pick(Self.words)
        }
    }

    mutating func document(depth: Int) -> Value {
        switch below(depth > 0 ? 8 : 5) {
        case 0: return .null
        case 1: return .bool(below(2) == 0)
        case 2: return .number(pick([0, 3, -2.5, 644, .infinity, .nan]))
        case 3, 4: return .text(pick(["none", "a", "3", "true", "", "aXbYc", "e\u{301}", "a b"]))
        case 5: return .list((0..<below(4)).map { _ in document(depth: depth - 1) })
        default:
            var entries: [String: Value] = [:]
            for name in ["kind", "labels", "tls", "a", "b-c", "x y", ""] where below(3) > 0 {
                entries[name] = document(depth: depth - 1)
            }
            return .map(entries)
        }
    }
}
