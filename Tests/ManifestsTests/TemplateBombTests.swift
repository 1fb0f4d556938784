import Diagnostics
import Kinds
import Manifests
import Resources
import Testing

@Suite("Templates that would never end, or take all there is")
struct TemplateBombTests {
    /// The problems of a tree whose one site is made from `nginx/site`.
    private func problems(_ templates: [String: String]) -> [Diagnostic] {
        let site = """
            kind: NginxSite
            name: a
            server: in3
            domain: a.example.com
            template: site
            upstream: 127.0.0.1:80
            ---
            kind: Server
            name: in3
            host: 10.0.0.1
            """
        let sources = templates.map { name, text in
            (name, SourceText(file: "templates/\(name).conf", bytes: Array(text.utf8)))
        }
        let tree = Tree(
            revision: Revision(id: "folder:test"),
            documents: [SourceText(file: "desired/a.yaml", bytes: Array(site.utf8))],
            templates: Dictionary(sources) { first, _ in first })
        return Loader(catalog: Catalog.kinds).load(tree).diagnostics
    }

    @Test("sections within sections have a limit", arguments: ["#", "^", "$"])
    func sections(sign: String) {
        func nested(_ depth: Int) -> String {
            String(repeating: "{{\(sign)a}}", count: depth)
                + String(repeating: "{{/a}}", count: depth)
        }
        #expect(problems(["nginx/site": nested(64)]).isEmpty)
        #expect(problems(["nginx/site": nested(65)]).map(\.code) == [.templateSyntax])
        #expect(problems(["nginx/site": nested(50_000)]).map(\.code) == [.templateSyntax])
    }

    @Test(
        "a circle is reported where it is, and ends whoever includes it",
        arguments: ["{{> loop}}", "{{<loop}}\n{{$a}}x{{/a}}\n{{/loop}}\n"])
    func circle(text: String) {
        let found = problems(["nginx/site": "{{> other}}", "other": "{{> loop}}", "loop": text])
        #expect(found.map(\.summary) == ["this template includes itself"])
        #expect(found.first?.location?.file == "templates/loop.conf")
    }

    @Test("templates that double at each level are refused")
    func bomb() {
        var templates = ["nginx/site": "{{> t0}}", "t25": "some text"]
        for level in 0..<25 {
            templates["t\(level)"] = "{{> t\(level + 1)}}{{> t\(level + 1)}}"
        }
        let found = problems(templates)
        #expect(!found.isEmpty)
        #expect(
            found.allSatisfy {
                $0.summary == "with what it includes this template has more than 16 MiB"
            })
    }

    @Test("a chain of templates has a limit, however long it is")
    func chain() {
        var templates = ["nginx/site": "{{> t0}}", "t20000": "some text"]
        for level in 0..<20_000 { templates["t\(level)"] = "{{> t\(level + 1)}}" }
        #expect(
            problems(templates).map(\.summary) == [
                "templates include each other more than 32 levels deep here"
            ])
        var short = ["nginx/site": "{{> t0}}", "t30": "some text"]
        for level in 0..<30 { short["t\(level)"] = "{{> t\(level + 1)}}" }
        #expect(problems(short).isEmpty)
    }
}
