import Foundation
import Schemas
import TestSupport
import Testing

@testable import Documenting

/// Sources, pages and the dictionary, whole.
@Suite struct DescriptionTests {
    private static let golden = Golden(of: "DocumentingTests")

    @Test("descriptions are as they were", arguments: golden.names(in: "Whole"))
    func goldens(name: String) throws {
        try Self.golden.check("Whole/\(name)") { input in
            let words = input.split(separator: " ").map(String.init)
            let release = try #require(Samples.all[words[1]])
            switch words[0] {
            case "ts": return TypeScriptClient.source(of: release)
            case "dart": return DartModels.source(of: release)
            case "html":
                let role = try #require(Samples.roles[words[2]])
                return Self.text(DocumentationPage.html(of: release, role: role))
            default:
                let role = try #require(Samples.roles[words[2]])
                return try Self.pretty(DataDictionary.schema(of: release, role: role))
            }
        }
    }

    @Test("no description tells of a password")
    func secrets() {
        let texts =
            [TypeScriptClient.source(of: Samples.tasks), DartModels.source(of: Samples.tasks)]
            + Samples.roles.values.flatMap { role in
                [
                    OpenAPI.document(of: Samples.tasks, role: role),
                    DataDictionary.schema(of: Samples.tasks, role: role),
                    DocumentationPage.html(of: Samples.tasks, role: role),
                ].map(Self.text)
            }
        for text in texts { #expect(!text.contains("password_hash")) }
    }

    @Test("a table that a role may do nothing with is not in the dictionary")
    func hidden() {
        #expect(DataDictionary.table("tasks", of: Samples.tasks, role: .anonymous) == nil)
        #expect(DataDictionary.table("tasks", of: Samples.tasks, role: .named("x")) != nil)
        #expect(DataDictionary.table("none", of: Samples.tasks, role: .admin) == nil)
    }

    @Test("a page holds no markup of the app's, and nothing from elsewhere")
    func escaping() {
        for role in Samples.roles.values {
            let html = Self.text(DocumentationPage.html(of: Samples.strange, role: role))
            #expect(!html.contains("<b>") && !html.contains("<script"))
            #expect(!html.contains("src=") && !html.contains("url("))
        }
    }

    @Test("a text is data to a shell")
    func quoting() {
        let curl = CurlExample(ServedApp(Samples.tasks, role: .admin))
        let line = curl.line("POST", "/x", body: #"{"a":"it's"}"#, needsToken: false)
        #expect(line.hasSuffix(#"-d '{"a":"it'\''s"}'"#))
    }

    @Test("names are made safe, each once")
    func identifiers() {
        var names = Identifiers(reserved: ["class"])
        let made = ["class", "a b", "a-b", "1st", "", "名", "field"].map { names.name($0) }
        #expect(made == ["class_", "a_b", "a_b_2", "n1st", "field", "u540D", "field_2"])
        var types = Identifiers()
        let tables = ["tag_create", "tag", "Tag"].map { types.typeName($0) }
        #expect(tables == ["TagCreate", "Tag_2", "Tag_3"])
    }

    @Test("letters beyond ASCII are written in those of ASCII, and what then is equal is numbered")
    func transliteration() {
        var names = Identifiers()
        let made = [
            "Füße", "Fuesse", "Fu\u{308}ße", "Größe", "ÜBER", "élan", "Ångström", "łódź",
            "X\u{303}",
            "άλφα", "Щука", "STRAẞE",
        ].map { names.name($0) }
        #expect(
            made == [
                "Fuesse", "Fuesse_2", "Fuesse_3", "Groesse", "UeBER", "elan", "Aangstroem", "lodz",
                "X", "alfa", "Shchuka", "STRASSE",
            ])
        var types = Identifiers()
        #expect(types.typeName("füße") == "Fuesse" && types.typeName("fuesse") == "Fuesse_2")
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func pretty(_ bytes: [UInt8]) throws -> String {
        let value = try JSONSerialization.jsonObject(with: Data(bytes))
        let data = try JSONSerialization.data(
            withJSONObject: value, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
        return text(Array(data)) + "\n"
    }
}
