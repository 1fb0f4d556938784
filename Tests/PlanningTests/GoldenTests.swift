import Testing

@Suite("A plan as a person or a program reads it")
struct GoldenTests {
    @Test("is what its golden file says", arguments: Golden.names)
    func golden(_ name: String) throws {
        try Golden.check(name) { try Scenario($0).render() }
    }

    @Test("has golden files to be held against")
    func thereAreGoldens() {
        #expect(Golden.names.count >= 10)
    }
}
