import Diagnostics
import FoundationEssentials
import Manifests
import TestSupport
import Testing

private let goldens = Golden(of: "ManifestsTests")

@Suite("Trees with mistakes in them")
struct GoldenErrorTests {
    @Test(
        "each mistake is reported on its line, and nothing else is",
        arguments: goldens.names(in: "Errors"))
    func errors(name: String) throws {
        let text = try String(
            contentsOfFile: "\(goldens.folder)Errors/\(name)", encoding: .utf8)
        let fixture = Fixture(text)
        let loaded = fixture.load()
        let expected = Expectation.all(in: fixture)
        let found = Expectation.all(in: loaded.diagnostics)
        #expect(found == expected, "\(DiagnosticText().render(loaded.diagnostics))")
        #expect((loaded.desired == nil) == expected.contains { $0.severity == "error" })
    }

    @Test(
        "each message reads as its golden file says", arguments: goldens.names(in: "Messages"))
    func messages(name: String) throws {
        try goldens.check("Messages/\(name)") { input in
            DiagnosticText().render(Fixture(input).load().diagnostics)
        }
    }

    @Test("there are fixtures to check")
    func thereAreFixtures() {
        #expect(goldens.names(in: "Errors").count > 15)
        #expect(goldens.names(in: "Messages").count > 5)
    }
}
