import TestSupport
import Testing

private let goldens = Golden(of: "PlanningTests")

@Suite("A plan as a person or a program reads it")
struct GoldenTests {
    @Test("is what its golden file says", arguments: goldens.names())
    func golden(_ name: String) throws {
        try goldens.check(name) { try Scenario($0).render() }
    }

    @Test("has golden files to be held against")
    func thereAreGoldens() {
        #expect(goldens.names().count >= 10)
    }
}
