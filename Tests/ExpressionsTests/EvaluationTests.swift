import Expressions
import Testing

@Suite("What an expression says of a document")
struct EvaluationTests {
    static let document = Value.map([
        "kind": .text("NginxSite"),
        "name": .text("shop"),
        "tls": .text("none"),
        "port": .number(3000),
        "weight": .number(-1.5),
        "enabled": .bool(true),
        "mode": .text("0644"),
        "nothing": .null,
        "aliases": .list([.text("www.shop.example.com"), .text("shop.example.net")]),
        "path": .text("/etc/nginx/sites/shop.conf"),
        "labels": .map(["tier": .text("public"), "rank": .text("3"), "team/name": .text("a b")]),
        "nginx": .map(["reload": .text("systemctl reload nginx")]),
        "words": .text("a\"b\\c"),
    ])

    @Test(
        "holds",
        arguments: [
            "kind == NginxSite", "kind != File", "tls == none && labels.tier == public",
            "tls == letsencrypt || enabled", "!(tls == letsencrypt)", "!tls == letsencrypt",
            "!!enabled", "enabled == true", "enabled == \"true\"", "port == 3000",
            "port == \"3000\"", "port != 80", "port > 1024", "port >= 3000", "port < 3000.5",
            "port <= 3000", "weight < -1", "weight == -1.50", "labels.rank == 3",
            "labels.rank > 2", "mode == 0644", "mode == 644", "kind in [File, NginxSite]",
            "port in [80, 3000]", "!(kind in [])", "aliases contains www.shop.example.com",
            "aliases.1 == shop.example.net", "aliases == [www.shop.example.com, shop.example.net]",
            "labels contains tier", "path contains nginx", "path contains \"\"",
            "path matches /etc/*.conf", "path matches *", "path matches *nginx*shop*",
            "aliases matches *.example.net", "labels.\"team/name\" == \"a b\"",
            "nginx.reload matches \"systemctl *\"", "tls exists", "!(labels.owner exists)",
            "labels.owner == null", "nothing == null", "labels.owner != platform",
            "words == \"a\\\"b\\\\c\"", "kind==NginxSite&&port>1",
            "  kind == NginxSite\n  && enabled ",
        ])
    func holds(_ text: String) throws {
        #expect(try Expression(parsing: text).holds(for: Self.document))
    }

    @Test(
        "does not hold",
        arguments: [
            "kind == nginxsite", "tls == none && labels.tier == internal", "!enabled",
            // What is not there is null, and null is nothing but null.
            "labels.owner == platform", "labels.owner < 5", "labels.owner >= 0",
            "labels.owner matches *", "labels.owner contains \"\"", "labels.owner in [a, b]",
            "labels.owner exists", "nothing exists", "labels.owner", "port == null",
            // A path that goes on where nothing is.
            "tls.certificate exists", "aliases.2 exists", "aliases.x exists", "port.x == 1",
            // Only numbers have an order.
            "tls < 5", "aliases > 1", "labels > 1", "tls == 0", "mode == 0645",
            "path matches /etc", "path matches *.con", "path matches etc*",
            "path matches *shop*nginx*", "tls matches nonenone*", "aliases matches example",
            "labels == public", "aliases == [shop.example.net]", "kind", "port", "labels",
            "enabled == 1", "labels contains public",
        ])
    func holdsNot(_ text: String) throws {
        #expect(try !Expression(parsing: text).holds(for: Self.document))
    }

    @Test("`&&` binds before `||`, and parentheses before both")
    func precedence() throws {
        let plain = try Expression(parsing: "enabled || enabled && tls == x")
        #expect(plain.holds(for: Self.document))
        let grouped = try Expression(parsing: "(enabled || enabled) && tls == x")
        #expect(!grouped.holds(for: Self.document))
        #expect(plain.description == "enabled || enabled && tls == x")
        #expect(grouped.description == "(enabled || enabled) && tls == x")
    }

    @Test("a glob and a search take a time that grows with the text alone")
    func hostilePatterns() throws {
        let text = String(repeating: "a", count: 200_000)
        let document = Value.map(["x": .text(text)])
        let stars = String(repeating: "a*", count: 1500)
        #expect(try Expression(parsing: "x matches \(stars)").holds(for: document))
        #expect(try !Expression(parsing: "x matches \(stars)b").holds(for: document))
        let part = String(repeating: "a", count: 3000)
        #expect(try !Expression(parsing: "x contains \(part)b").holds(for: document))
    }
}
