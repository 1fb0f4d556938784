import Glibc
import Resources
import Testing

@Suite struct SiteTests {
    private static let templates = ["nginx/site": "server { server_name {{domain}}; }\n"]

    private static func site(_ rest: String = "") throws -> any Resource {
        let tree = SampleTree(
            """
            kind: NginxSite
            name: shop
            server: web-1
            domain: shop.example.com
            template: site
            \(rest)

            """, templates: templates)
        return try #require(tree.resources.first, "\(tree.report)")
    }

    @Test("an interrupted reload is done by the next run, in the transaction")
    func owedReload() throws {
        let host = SampleHost()
        let site = try Self.site()
        try host.perform(host.assess(site).steps)
        #expect(try host.assess(site).steps.isEmpty)
        let owed = try host.assess(site, Intent(isUnfinished: true))
        #expect(owed.isConverged)
        #expect(owed.steps.map(\.id) == ["reload nginx"])
        #expect(
            owed.steps.first?.transaction?.commit.contains("systemctl reload-or-restart nginx")
                == true)
    }

    @Test("a site's file that belongs to a stranger is written anew")
    func stranger() throws {
        // Only root can give files away; a stranger is the sighting's word then.
        let host = SampleHost()
        let site = try Self.site()
        try host.perform(host.assess(site).steps)
        var output = host.answer(site.looks)
        let path = "/etc/nginx/sites-available/shop.conf"
        guard case .file(var status, let content) = output.paths[path] else {
            Issue.record("the site's file is there")
            return
        }
        (status.userID, status.owner) = (33, "www-data")
        output.paths[path] = .file(status, content)
        let seen = try site.assess(output, Intent())
        #expect(seen.changes.map(\.subject) == ["owner of \(path)"])
        #expect(seen.steps.map(\.id) == ["write \(path)", "reload nginx"])
        output.paths["/etc/nginx/sites-available"] = .directory(status)
        #expect(try site.assess(output, Intent()).isConverged)
    }

    @Test("what could not be looked at is unknown, not absent")
    func unreadable() throws {
        let host = SampleHost()
        let site = try Self.site()
        var output = host.answer(site.looks)
        output.paths["/etc/nginx/sites-enabled/shop.conf"] = .unreadable(reason: "no")
        #expect(throws: (any Error).self) { try site.assess(output, Intent()) }
        output.paths["/etc/nginx/sites-enabled/shop.conf"] = nil
        #expect(throws: (any Error).self) { try site.assess(output, Intent()) }
    }

    @Test("a file where the link should be is replaced, and one that was linked away is put back")
    func replacedLink() throws {
        let host = SampleHost()
        let site = try Self.site()
        try host.perform(host.assess(site).steps)
        let link = host.path("/etc/nginx/sites-enabled/shop.conf")
        for make in [
            { Folder.write([], to: link) }, { _ = symlink("/elsewhere", link) },
        ] {
            unlink(link)
            make()
            #expect(try host.assess(site).changes.count == 1)
            try host.perform(host.assess(site).steps)
            try host.expectDone(site)
        }
    }

    @Test("root and 0 are the same owner, and no reason to write")
    func normalisation() throws {
        let tree = SampleTree(
            """
            kind: File
            name: motd
            server: web-1
            path: /etc/motd
            content: x
            owner: "0"
            group: "0"
            """)
        let file = try #require(tree.resources.first, "\(tree.report)")
        let host = SampleHost()
        try host.perform(host.assess(file).steps)
        let seen = try host.assess(file)
        #expect(seen.isConverged && seen.steps.isEmpty)
        #expect(seen.differences.map(\.isNormalisation) == [true, true])
    }
}
