import Diagnostics
import TestSupport
import Testing
import YAML

private let goldens = Golden(of: "YAMLTests")

@Suite struct ParsedTextTests {
    @Test(
        "documents, places and problems are as the golden files say",
        arguments: goldens.names())
    func golden(name: String) throws {
        try goldens.check(name) { Outline.render(ParsedText(Array($0.utf8))) }
    }

    @Test(
        "an empty text has no documents and no problems",
        arguments: ["", "\n", "# a comment\n", "\u{FEFF}"])
    func empty(text: String) {
        let parsed = ParsedText(Array(text.utf8))
        #expect(parsed.documents.isEmpty)
        #expect(parsed.problems.isEmpty)
        #expect(parsed.isComplete)
    }

    @Test("a byte order mark is no part of the text, and takes no column")
    func byteOrderMark() throws {
        let parsed = ParsedText(Array("\u{FEFF}name: a".utf8))
        let root = try #require(parsed.documents.first).root
        #expect(root.mark == Mark(line: 1, column: 1))
        #expect(root["name"]?.text == "a")
    }

    @Test("lines count as editors count them, whatever libyaml takes for a line break")
    func unusualBreaks() throws {
        let parsed = ParsedText(Array("a: \"x\u{2028}y\"\r\nb: \"ü\u{85}\"\nc: 1".utf8))
        let root = try #require(parsed.documents.first).root
        #expect(root["c"]?.mark == Mark(line: 3, column: 4))
        #expect(root["b"]?.mark.line == 2)
    }

    @Test("lines may end as on Windows")
    func windowsLines() {
        let parsed = ParsedText(Array("a: 1\r\nb: |\r\n  x\r\nc: [y\r\n".utf8))
        #expect(parsed.problems.map(\.mark) == [Mark(line: 4, column: 4)])
        let whole = ParsedText(Array("a: x\r\n  y\r\nb: |\r\n  z\r\n".utf8)).documents.first?.root
        #expect(whole?["a"]?.mark == Mark(line: 1, column: 4, length: 1))
        #expect(whole?["b"]?.text == "z\n")
    }

    @Test("columns count Unicode scalars")
    func columns() throws {
        let parsed = ParsedText(Array("{ü: äöü€, b: c}".utf8))
        let root = try #require(parsed.documents.first).root
        #expect(root["ü"]?.mark == Mark(line: 1, column: 5, length: 4))
        #expect(root["b"]?.mark == Mark(line: 1, column: 14))
    }

    @Test(
        "what is not UTF-8 is refused with its place",
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], Mark(line: 1, column: 4)),
            ([0x61, 0x0A, 0xC3, 0xA4, 0xC3], Mark(line: 2, column: 2)),
            ([0x61, 0x0A, 0x00], Mark(line: 2, column: 1)),
            ([0x61, 0x1B], Mark(line: 1, column: 2)),
            ([0xFF, 0xFE, 0x61, 0x00], Mark(line: 1, column: 1)),
            ([0xFE, 0xFF, 0x00, 0x61], Mark(line: 1, column: 1)),
            ([0x00, 0x61, 0x00, 0x62], Mark(line: 1, column: 1)),
            ([0x61, 0xED, 0xA0, 0x80], Mark(line: 1, column: 2)),
            ([0xC0, 0x80], Mark(line: 1, column: 1)),
            ([0xEF, 0xBB, 0xBF, 0x61, 0xEF, 0xBB, 0xBF], Mark(line: 1, column: 2)),
        ] as [([UInt8], Mark)])
    func encodings(bytes: [UInt8], mark: Mark) throws {
        let parsed = ParsedText(bytes)
        let problem = try #require(parsed.problems.first)
        #expect(problem.code == .yamlEncoding)
        #expect(problem.mark == mark)
        #expect(!parsed.isComplete)
        #expect(parsed.documents.isEmpty)
    }

    @Test("a character that only an escape can write is refused when it is NUL")
    func escapedNul() {
        let parsed = ParsedText(Array(#"a: "x\0y""#.utf8))
        #expect(parsed.problems.map(\.code) == [.yamlEncoding])
        #expect(parsed.documents.map(\.isSound) == [false])
    }

    @Test("the problems of one text are listed up to a limit")
    func problemLimit() {
        let text = String(repeating: "- {a: 1, a: 2}\n", count: 5000)
        let parsed = ParsedText(Array(text.utf8))
        #expect(parsed.problems.count == 100)
        #expect(!parsed.isComplete)
    }
}
