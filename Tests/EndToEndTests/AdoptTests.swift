import Foundation
import TestSupport
import Testing

/// `stead adopt` on this machine, whose nginx is a folder of the test's own.
@Suite struct AdoptTests {
    private static func tree() throws -> LocalTree {
        let tree = try LocalTree()
        try tree.scratch.write(
            "repo/desired/servers/here.yaml",
            """
            kind: Server
            name: here
            transport: local
            nginx: {directory: \(tree.scratch.path("nginx")), test: "true", reload: "true"}
            """)
        try tree.scratch.write(
            "nginx/sites-available/shop", "server {\n\tserver_name shop.example.com;\r\n}\n\n")
        try tree.scratch.write("nginx/sites-available/old.conf", "server { include x/*.conf; }")
        try tree.scratch.shell(
            """
            mkdir -p nginx/sites-enabled nginx/conf.d host
            ln -s ../sites-available/shop nginx/sites-enabled/shop
            ln -s nowhere nginx/sites-enabled/dangling
            printf 'server {\\n}\\n' >'nginx/conf.d/$(touch x) \\047.conf'
            printf 'server {\\n}\\n' >"nginx/conf.d/two
            lines.conf"
            printf '# caf\\351\\n' >nginx/sites-available/latin
            head -c 300000 /dev/zero | tr '\\0' x >nginx/sites-available/huge
            printf 'key\\n' >host/secret; chmod 600 host/secret
            printf 'one\\n' >host/note
            """)
        return tree
    }

    /// Everything about every file of the host, but for when somebody last read it.
    private static func state(of tree: LocalTree) throws -> String {
        try tree.scratch.shell(
            """
            find nginx host -printf '%p %m %U %G %i %T@ %C@ %s %l\\n' | sort
            find nginx host -type f -exec sha256sum {} + | sort
            """)
    }

    @Test("documents are written, plan to no change in the repository, and the host is untouched")
    func adopts() throws {
        let tree = try Self.tree()
        let before = try Self.state(of: tree)
        let adopt = try tree.stead.run(
            "adopt", "here", "--repo", "repo", "--kind", "NginxSite", "--file",
            tree.scratch.path("host/note"), "--file", tree.scratch.path("host/secret"), "--out",
            "repo/desired/here")
        // A file that was named is not taken.
        #expect(adopt.status == 1, "\(adopt.everything)")
        #expect(try Self.state(of: tree) == before)
        #expect(adopt.errors.contains("4 documents, which plan to no change"), "\(adopt.errors)")
        for reason in [
            "sites-enabled/dangling: is a link to", "latin: is no text in UTF-8",
            "huge: has more than 256 KiB", "has a name that is no text on one line",
            "host/secret: is not for everybody to read (mode 0600)",
            "it includes x/*.conf, which no document describes",
        ] {
            #expect(adopt.errors.contains(reason), "\(reason)\n\(adopt.errors)")
        }
        let shop = try tree.scratch.read("repo/desired/here/sites/shop.yaml")
        #expect(shop.hasPrefix("# Adopted from here: "), "\(shop)")
        #expect(shop.contains("domain: shop.example.com\nfile: sites-available/shop\n"), "\(shop)")

        let plan = try tree.plan("--detailed-exitcode")
        #expect(plan.status == 0, "\(plan.everything)")
        #expect(try tree.apply().status == 0)
        #expect(try Self.state(of: tree) == before)
        // What was found is not Stead's: without its document it stays.
        try tree.scratch.remove("repo/desired/here/sites/shop.yaml")
        #expect(try tree.apply().status == 0)
        #expect(try Self.state(of: tree) == before)

        let again = try tree.stead.run(
            "adopt", "here", "--repo", "repo", "--kind", "nginx-site", "--out", "other")
        #expect(again.errors.contains("is declared already, by nginx-site/old"), "\(again.errors)")
        #expect(again.errors.contains("1 document, which plans"), "\(again.errors)")
    }

    @Test("no document is overwritten unless it is asked for")
    func keeps() throws {
        let tree = try Self.tree()
        let words = ["adopt", "here", "--repo", "repo", "--kind", "NginxSite", "--out", "out"]
        #expect(try tree.stead.run(words).status == 0)
        try tree.scratch.write("out/sites/shop.yaml", "mine\n")
        try tree.scratch.remove("out/sites/old.yaml")
        let refused = try tree.stead.run(words)
        #expect(refused.status == 1, "\(refused.everything)")
        #expect(refused.errors.contains("exists already; nothing was written"))
        #expect((try? tree.scratch.read("out/sites/old.yaml")) == nil)
        #expect(try tree.stead.run(words + ["--force"]).status == 0)
        #expect(try tree.scratch.read("out/sites/shop.yaml").contains("kind: NginxSite"))
        #expect(try tree.scratch.shell("find out -name '*.tmp'").isEmpty)
    }

    @Test("a dry run prints the documents, and JSON says what a program needs")
    func prints() throws {
        let tree = try Self.tree()
        let words = ["adopt", "here", "--repo", "repo", "--kind", "NginxSite", "--dry-run"]
        let dry = try tree.stead.run(words)
        #expect(dry.status == 0, "\(dry.everything)")
        #expect(dry.output.contains("--- # sites/shop.yaml\n# Adopted from"), "\(dry.output)")
        let json = try tree.stead.run(words + ["--format", "json"])
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let documents = try #require(report["documents"] as? [[String: Any]])
        #expect(
            documents.count == 3
                && documents.contains { $0["file"] as? String == "sites/shop.yaml" })
        #expect((report["left"] as? [Any])?.isEmpty == false)
    }

    @Test("a server that nobody has declared gets its document too")
    func newServer() throws {
        let tree = try Self.tree()
        let note = tree.scratch.path("host/note")
        try tree.scratch.shell("mkdir empty")
        let empty = try tree.stead.run(
            "adopt", "new-one", "--local", "--repo", "empty", "--file", note, "--kind", "File",
            "--out", "empty/desired", "--force")
        #expect(empty.status == 0, "\(empty.everything)")
        #expect(
            try tree.scratch.read("empty/desired/servers/new-one.yaml").contains("transport: local")
        )
        let twice = try tree.stead.run(
            "adopt", "new-one", "--local", "--repo", "empty", "--dry-run")
        #expect(twice.status == 64 && twice.errors.contains("declared already"), "\(twice.errors)")
        let plan = try tree.stead.run("plan", "--repo", "empty", "--detailed-exitcode")
        #expect(plan.status == 0, "\(plan.everything)")
    }

    @Test("what is asked wrongly is said so")
    func mistakes() throws {
        let tree = try Self.tree()
        let unknown = try tree.stead.run("adopt", "hree", "--repo", "repo", "--out", "x")
        #expect(
            unknown.status == 1 && unknown.errors.contains("did you mean `here`?"),
            "\(unknown.errors)")
        let kind = try tree.stead.run("adopt", "here", "--kind", "Nginx", "--out", "x")
        #expect(kind.status == 64, "\(kind.everything)")
        #expect(
            kind.errors.contains("--kind takes NginxSite, CronJob, File"), "\(kind.everything)")
        #expect(try tree.stead.run("adopt", "here").status == 64)
        let file = try tree.stead.run("adopt", "here", "--out", "x", "--file", "/a", "--file", "b")
        #expect(file.status == 64 && file.errors.contains("`b`"), "\(file.everything)")
        for (key, words) in [
            ("keys/id", "--identity-file takes an absolute path"),
            (
                tree.scratch.path("no-key"),
                "--identity-file \(tree.scratch.path("no-key")): there is"
            ),
        ] {
            let result = try tree.stead.run(
                "adopt", "new", "--host", "127.0.0.1", "--identity-file", key, "--dry-run")
            #expect(result.status == 64, "\(result.everything)")
            #expect(result.errors.contains(words), "\(result.everything)")
        }
    }

    @Test("a file that is named and can't be taken is an error, and the rest is written")
    func refuses() throws {
        let tree = try Self.tree()
        let site = tree.scratch.path("nginx/sites-available/old.conf")
        let result = try tree.stead.run(
            "adopt", "here", "--repo", "repo", "--kind", "NginxSite", "--file",
            tree.scratch.path("host/none"), "--file", tree.scratch.path("host/note"), "--file",
            tree.scratch.path("host/secret"), "--file", site, "--out", "out")
        #expect(result.status == 1, "\(result.everything)")
        let left = result.errors.split(separator: "error:", maxSplits: 1)
        for reason in ["host/none: is not there", "host/secret: is not for everybody to read"] {
            #expect(left.last?.contains(reason) == true, "\(result.errors)")
            #expect(left.first?.contains(reason) == false, "\(result.errors)")
        }
        #expect(result.errors.contains("fix: --include-secrets"), "\(result.errors)")
        let written = try tree.scratch.shell("cat out/*/*")
        #expect(written.contains("file: sites-available/shop"), "\(written)")
        // What was named is a file, and is no site as well.
        #expect(written.split(separator: "kind: File").count == 3, "\(written)")
        #expect(!written.contains("file: sites-available/old.conf"), "\(written)")
        #expect(!result.errors.contains("\(site):"), "\(result.errors)")
        let json = try tree.stead.run(
            "adopt", "here", "--repo", "repo", "--file", tree.scratch.path("host/none"), "--kind",
            "File", "--dry-run", "--format", "json")
        #expect(json.status == 1, "\(json.everything)")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let refused = try #require(report["refused"] as? [[String: Any]])
        #expect(refused.map { $0["reason"] as? String } == ["is not there"])
    }

    @Test("a site with a secret is written only when it is asked for, for its owner alone")
    func secrets() throws {
        let tree = try Self.tree()
        try tree.scratch.write(
            "nginx/conf.d/api.conf", "server {\n  set $api_key \"sk_live_hunter2\";\n}\n")
        let words = ["adopt", "here", "--repo", "repo", "--kind", "NginxSite", "--out", "out"]
        let kept = try tree.stead.run(words)
        #expect(kept.status == 0, "\(kept.everything)")
        #expect(kept.errors.contains("api.conf: holds what looks like a secret"), "\(kept.errors)")
        #expect(try tree.scratch.shell("grep -r hunter2 out || true").isEmpty)
        let taken = try tree.stead.run(words + ["--include-secrets", "--force"])
        #expect(taken.status == 0, "\(taken.everything)")
        #expect(taken.errors.contains("api.yaml holds a secret in clear"), "\(taken.errors)")
        #expect(try tree.scratch.shell("stat -c %a out/sites/api.yaml").hasPrefix("600"))
    }
}
