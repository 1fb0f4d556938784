import Expressions
import Resources
import Testing
import YAML

@Suite("The place of a part of a scalar")
struct ScalarPlaceTests {
    /// A scalar that holds the sign § once, and what its place is; nil for the scalar's own.
    @Test(
        "is found through quotes, escapes and folded lines",
        arguments: [
            "a: x §b", "a: 'it''s §'", "a: 'x ''y'' \"§'", #"a: "x \"y\" §""#,
            #"a: "\u00e4\x41\t§""#,
            #"a: "\U0001F600 \\ §""#, "a: \"x \\\n  y §\"", "a: |\n  x\n  y §",
            "a: |-\n  x\n\n   y §",
            "a: >\n  x\n  y\n\n  z §", "a: >2-\n   x\n  §", "a: x\n  y\n  z §", "a: 'x\n\n  y §'",
            "a: \"x\n  y\n\n  §\"", "- b\n- [c, x §]", "a: &n x §", "a: !!str 'x §'", "a: |\n\n  §",
            "a: äö§", "? k\n: x §\n", "a: |\r\n  x\r\n  y §\r\n",
        ])
    func found(_ yaml: String) throws {
        let (mark, own) = try Self.mark(in: yaml)
        #expect(try Self.scalar(at: mark, of: yaml) == "§")
        #expect(mark != own)
    }

    @Test("is the scalar's own where the file says something else")
    func alias() throws {
        let (mark, own) = try Self.mark(in: "a: &x y §\nb: *x", last: true)
        #expect(mark == own)
    }

    @Test("is never outside of the text, whatever stands there", arguments: 1...4)
    func mutations(seed: UInt64) throws {
        var state = seed
        let pieces = Array("§ §ab'\"\\\n|>-&!*u0041{}[],:#\t\r".unicodeScalars)
        for _ in 0..<4000 {
            var body = String.UnicodeScalarView()
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                body.append(pieces[Int(state >> 33) % pieces.count])
            }
            let yaml = "a: " + String(body)
            for document in ParsedText(Array(yaml.utf8)).documents {
                guard let node = document.root["a"], let text = node.text else { continue }
                let source = SourceText(file: "a", bytes: Array(yaml.utf8))
                for start in 0...text.unicodeScalars.count {
                    let mark = ScalarPlace(node, in: source).mark(of: Span(start: start, length: 2))
                    let lines = yaml.utf8.count { $0 == 0x0A } + 1
                    #expect((1...lines).contains(Int(mark.line)), "\(yaml.debugDescription)")
                    #expect(mark.column >= 1 && mark.length >= 1, "\(yaml.debugDescription)")
                }
            }
        }
    }

    private static func mark(in yaml: String, last: Bool = false) throws -> (Mark, own: Mark) {
        let bytes = Array(yaml.utf8)
        let root = try #require(ParsedText(bytes).documents.first?.root)
        let scalars = Self.scalars(of: root).filter { $0.text?.contains("§") ?? false }
        let node = try #require(last ? scalars.last : scalars.first)
        let text = Array(try #require(node.text).unicodeScalars)
        let start = try #require(text.firstIndex(of: "§"))
        let place = ScalarPlace(node, in: SourceText(file: "a", bytes: bytes))
        return (place.mark(of: Span(start: start, length: 1)), node.mark)
    }

    private static func scalars(of node: Node) -> [Node] {
        switch node.value {
        case .scalar: [node]
        case .sequence(let nodes): nodes.flatMap(scalars)
        case .mapping(let pairs): pairs.flatMap { scalars(of: $0.key) + scalars(of: $0.value) }
        }
    }

    private static func scalar(at mark: Mark, of yaml: String) throws -> Unicode.Scalar? {
        let lines = yaml.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        return lines[Int(mark.line) - 1].dropFirst(Int(mark.column) - 1).first
    }
}
