import Manifests
import Resources
import Testing
import YAML

@Suite("Settings")
struct SettingsTableTests {
    @Test("the defaults that the table tells are those that the settings have")
    func defaults() throws {
        var text = "version: 1\n"
        for field in SettingsTable.table.descriptions {
            guard case .record(let fields) = field.schema else { continue }
            let written = fields.compactMap { inner in
                inner.defaultText.map { "  \(inner.name): \($0)\n" }
            }
            if !written.isEmpty { text += "\(field.name):\n" + written.joined() }
        }
        let source = SourceText(file: "desired/stead.yaml", bytes: Array(text.utf8))
        var reader = FieldReader(source: source)
        let root = try #require(ParsedText(source.bytes).documents.first?.root)
        var expected = Settings()
        // Left out it is none; written, even without anything in it, it is one.
        expected.rollout = Settings.Rollout()
        #expect(SettingsTable.read(root, &reader) == expected)
        #expect(reader.diagnostics.isEmpty)
        #expect(reader.places["policy.maxDeletes"] != nil)
    }
}
