import Testing

@testable import Diagnostics

/// The text that people read when something is wrong.
@Suite struct DiagnosticTextTests {
    @Test("a diagnostic shows place, line, caret, reason and fix")
    func whole() {
        let diagnostic = Diagnostic(
            .referenceUnknown, "unknown server",
            at: SourceLocation(file: "desired/a.yaml", line: 4, column: 9, length: 4),
            excerpt: "server: in33", why: "no document declares it", fix: "did you mean `in3`?")
        #expect(
            DiagnosticText().render(diagnostic) == """
                desired/a.yaml:4:9: error[MAN104]: unknown server
                  4 | server: in33
                    |         ^^^^
                  why: no document declares it
                  fix: did you mean `in3`?

                """)
    }

    @Test("a very long line is cut round the caret")
    func longLine() {
        let line = String(repeating: "x", count: 5000)
        let diagnostic = Diagnostic(
            .yamlSyntax, "bad", at: SourceLocation(file: "a", line: 1, column: 4000), excerpt: line)
        let lines = DiagnosticText().render(diagnostic).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count < 200 })
        #expect(lines.last?.last == "^")
    }

    @Test("control characters of a hostile file reach no terminal")
    func hostile() {
        let diagnostic = Diagnostic(
            .yamlSyntax, "bad", at: SourceLocation(file: "a", line: 1, column: 1),
            excerpt: "\u{1B}[2Jx\u{202E}")
        let text = DiagnosticText().render(diagnostic)
        #expect(!text.unicodeScalars.contains("\u{1B}"))
        #expect(!text.unicodeScalars.contains("\u{202E}"))
    }

    @Test("a suggestion is near, or there is none")
    func suggestions() {
        #expect(Suggestion.nearest(to: "contnet", among: ["content", "context"]) == "content")
        #expect(Suggestion.nearest(to: "SERVER", among: ["server"]) == "server")
        #expect(Suggestion.nearest(to: "xyz", among: ["server"]) == nil)
    }
}
