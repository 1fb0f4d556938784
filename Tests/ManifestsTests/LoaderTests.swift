import Diagnostics
import Kinds
import Manifests
import Resources
import Testing
import YAML

@Suite("Loading")
struct LoaderTests {
    private func load(_ files: [(String, String)], kinds: [KindEntry] = Catalog.kinds)
        -> LoadedTree
    {
        let documents = files.map { SourceText(file: $0.0, bytes: Array($0.1.utf8)) }
        return Loader(catalog: kinds).load(
            Tree(revision: Revision(id: "folder:test"), documents: documents))
    }

    private func server(_ name: String, via: String? = nil) -> String {
        "kind: Server\nname: \(name)\nhost: 10.0.0.1\n" + (via.map { "via: \($0)\n" } ?? "")
    }

    @Test("desired state holds settings, servers, and resources in order of address")
    func desired() throws {
        let loaded = load([
            ("desired/stead.yaml", "version: 1\npolicy: {maxDeletes: 7, quarantine: 1h}\n"),
            ("desired/b.yaml", server("b") + "---\n" + server("a", via: "b")),
            ("desired/f.yaml", "kind: File\nname: f\nserver: a\npath: /f\ncontent: x\n"),
        ])
        let desired = try #require(loaded.desired)
        #expect(loaded.diagnostics.isEmpty)
        #expect(desired.resources.map(\.address.description) == ["file/f", "server/a", "server/b"])
        #expect(desired.servers.keys.sorted() == ["a", "b"])
        #expect(desired.settings.policy.maxDeletes == 7)
        #expect(desired.settings.policy.quarantineSeconds == 3600)
        #expect(desired.settings.reconcile.intervalSeconds == 300)
        #expect(desired.revision.id == "folder:test")
        let file = try #require(desired.resources.first)
        #expect(file.server == "a")
        #expect(file.dependencies.map(\.description) == ["server/a"])
        #expect(
            file.location == SourceLocation(file: "desired/f.yaml", line: 1, column: 1, length: 1))
    }

    @Test("messages come in order of place, whatever found them")
    func order() {
        let loaded = load([
            ("desired/a.yaml", "kind: File\nname: f\nserver: x\npath: /f\ncontent: x\n"),
            ("desired/b.yaml", "kind: Server\nname: b\nhost: 10.0.0.1\nport: x\n"),
            ("desired/c.yaml", "a: [\n"),
        ])
        #expect(
            loaded.diagnostics.compactMap(\.location?.file) == [
                "desired/a.yaml", "desired/b.yaml", "desired/c.yaml",
            ])
        #expect(loaded.desired == nil)
    }

    @Test("a chain of references may be as long as it likes")
    func longChain() throws {
        let count = 20_000
        let documents = (0..<count).map { number in
            (
                "desired/s\(number).yaml",
                server("s\(number)", via: number + 1 < count ? "s\(number + 1)" : nil)
            )
        }
        #expect(load(documents).desired?.resources.count == count)
        let circle = documents.dropLast() + [("desired/z.yaml", server("s\(count - 1)", via: "s0"))]
        let codes = load(Array(circle)).diagnostics.map(\.code)
        #expect(codes == [.referenceCycle])
    }

    @Test("two circles that share a server are both reported")
    func twoCircles() {
        let loaded = load([
            ("desired/a.yaml", server("a", via: "b")), ("desired/b.yaml", server("b", via: "a")),
            ("desired/c.yaml", server("c", via: "d")), ("desired/d.yaml", server("d", via: "c")),
        ])
        #expect(loaded.diagnostics.map(\.code) == [.referenceCycle, .referenceCycle])
    }

    @Test("two units of one name are an error on one server, not on two")
    func units() {
        let kinds = Catalog.kinds + [KindEntry(Sample.self)]
        func sample(_ name: String, _ server: String) -> String {
            "kind: Sample\nname: \(name)\nserver: \(server)\nunit: x.service\n"
        }
        let files = [("desired/a.yaml", server("a") + "---\n" + server("b"))]
        let apart = load(
            files + [("desired/s.yaml", sample("x", "a") + "---\n" + sample("y", "b"))],
            kinds: kinds)
        #expect(apart.diagnostics.isEmpty)
        let together = load(
            files + [("desired/s.yaml", sample("x", "a") + "---\n" + sample("y", "a"))],
            kinds: kinds)
        #expect(together.diagnostics.map(\.summary) == ["two units are called x.service on a"])
        #expect(together.diagnostics.first?.location?.line == 9)
        #expect(together.diagnostics.first?.related.first?.location.line == 4)
    }

    @Test("a file of mistakes is listed up to a limit, and each excerpt is short")
    func manyMistakes() {
        let text = String(repeating: "---\nkind: Flie\nname: x\n", count: 40_000)
        let many = load([("desired/a.yaml", text)]).diagnostics
        #expect(many.count == 1000)
        let line =
            "kind: Server\nname: a\nprovides: [" + String(repeating: "A, ", count: 100_000) + "]\n"
        let wide = load([("desired/a.yaml", line)]).diagnostics
        #expect(wide.count == 100)
        #expect(wide.allSatisfy { ($0.excerpt?.utf8.count ?? 0) <= 16 << 10 })
    }

    @Test("a document that is an alias bomb is refused at once, and only it")
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text +=
                "a\(level): &a\(level) ["
                + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        let loaded = load([("desired/a.yaml", text), ("desired/b.yaml", "kind: Flie\nname: x\n")])
        #expect(loaded.diagnostics.map(\.code) == [.yamlAliases, .kindUnknown])
    }

    @Test("a file over the limit of YAML is refused")
    func largeText() {
        let loaded = load([("desired/a.yaml", String(repeating: "#", count: (1 << 20) + 1))])
        #expect(loaded.diagnostics.map(\.code) == [.yamlTooLarge])
    }

    @Test("no mutation of a tree's text crashes the loader, and none is silently half read")
    func mutations() {
        var state: UInt64 = 0x5EED
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let seed = Array(
            (server("in3") + "nginx: {directory: /etc/nginx}\nlabels: {a: b}\n---\n"
                + "kind: File\nname: motd\nserver: in3\npath: /etc/motd\ncontent: |\n  x\n---\n"
                + "kind: CronJob\nname: job\nserver: in3\nschedule: \"0 3 * * *\"\ncommand: [/bin/true]\n")
                .utf8)
        let pieces = Array("[]{}:,-?*&!|>'\"%@#\\\t\n 0a~".utf8)
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0...random(4) {
                switch random(3) {
                case 0: bytes.insert(pieces[random(pieces.count)], at: random(bytes.count))
                case 1: bytes.remove(at: random(bytes.count))
                default: bytes[random(bytes.count)] = UInt8(random(256))
                }
            }
            let tree = Tree(
                revision: Revision(id: "folder:test"),
                documents: [SourceText(file: "desired/a.yaml", bytes: bytes)])
            let loaded = Loader(catalog: Catalog.kinds).load(tree)
            #expect((loaded.desired == nil) == loaded.diagnostics.hasErrors)
            #expect(!DiagnosticText().render(loaded.diagnostics).contains("\u{1B}"))
        }
    }
}
