import Diagnostics
import Testing
import YAML

@Suite struct LimitsTests {
    private func codes(_ text: String, _ limits: Limits = .standard) -> [String] {
        ParsedText(Array(text.utf8), limits: limits).problems.map(\.code.rawValue)
    }

    @Test("a text over the size limit is refused unread")
    func bytes() {
        #expect(codes("a: 1", Limits(bytes: 4)) == [])
        #expect(codes("a: 11", Limits(bytes: 4)) == ["YAML004"])
        #expect(codes(String(repeating: "#", count: 100 << 20)) == ["YAML004"])
    }

    @Test("nesting has a limit, in every style", arguments: ["[", "- ", "{a: ", "? "])
    func depth(opening: String) {
        let limits = Limits(depth: 10)
        let closing = ["[": "]", "{a: ": "}"][opening] ?? ""
        let fits = String(repeating: opening, count: 9) + "x" + String(repeating: closing, count: 9)
        let deep = String(repeating: opening, count: 10) + "x"
        #expect(!codes(fits, limits).contains("YAML005"))
        #expect(codes(deep, limits).contains("YAML005"))
        #expect(
            codes(String(repeating: opening, count: 200_000 / opening.count)).contains("YAML005"))
    }

    @Test("an alias brings its own depth along")
    func aliasDepth() {
        let text = "- &a [[[x]]]\n- [[*a]]\n"
        #expect(codes(text, Limits(depth: 7)) == [])
        #expect(codes(text, Limits(depth: 6)) == ["YAML005"])
    }

    @Test("the values of a document are counted")
    func nodes() {
        #expect(codes("[a, b, c]", Limits(nodes: 4)) == [])
        #expect(codes("[a, b, c, d]", Limits(nodes: 4)) == ["YAML004"])
        #expect(codes("[a, b, c]\n---\n[a, b, c]", Limits(nodes: 4)) == [])
    }

    @Test("the billion laughs cost nothing and are refused")
    func billionLaughs() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(codes(text) == ["YAML006"])
    }

    @Test("a quadratic bomb is refused, in one document and in many")
    func quadratic() {
        let list = "&a [" + String(repeating: "x, ", count: 10_000) + "x]"
        let aliases = String(repeating: "- *a\n", count: 10_000)
        #expect(codes("- \(list)\n\(aliases)") == ["YAML006"])
        let document =
            "---\n- &a [x, x, x, x, x, x, x, x]\n- &b [*a, *a, *a, *a, *a, *a, *a]\n- [*b, *b, *b, *b]\n"
        #expect(codes(String(repeating: document, count: 5000)) == ["YAML006"])
    }

    @Test(
        "an alias inside its own anchor is refused",
        arguments: ["&a [*a]", "&a {b: [*a]}", "- &a\n  - *a", "&a {*a : 1}"])
    func recursion(text: String) {
        #expect(codes(text) == ["YAML006"])
    }

    @Test("directives without end are refused")
    func directives() {
        let text = (0..<50_000).map { "%TAG !t\($0)! tag:\n" }.joined() + "--- a\n"
        #expect(codes(text) == ["YAML004"])
    }
}
