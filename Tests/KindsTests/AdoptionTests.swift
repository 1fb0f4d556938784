import Glibc
import Resources
import Testing

@testable import Kinds

/// Conformance of the kinds that can be adopted: what is written plans to no change.
@Suite struct AdoptionTests {
    @Test("what adopt writes of what Stead has made plans to no change", arguments: Sample.all)
    func ownWork(_ sample: Sample) throws {
        let host = SampleHost(.dash, sample.facts)
        for resource in [try sample.resource(), try sample.editedResource()] {
            try host.perform(host.assess(resource).steps)
            let found = try Found(
                on: host, files: ["/etc/motd", "/srv/a/b/c"], includesSecrets: true)
            try found.expectNoChange()
            // What is no document is listed; see below.
            let isListed = ["systemd", "hostile", "variables in a crontab"].contains {
                sample.name.contains($0)
            }
            if !isListed {
                #expect(found.texts.count == 1, "\(found.left)")
            }
            for text in found.texts { #expect(text.contains("name: "), "\(text)") }
        }
    }

    @Test("sites are described as they are, whatever is in them")
    func sites() throws {
        let host = SampleHost()
        let contents = [
            "server {\n\tlisten 80;\n    server_name a.example.com www.a.example.com;\n}\n",
            "# no line break at the end\nserver { server_name _; }",
            "server {\r\n  server_name b.example.com;\r\n}\r\n",
            "\n\n  server { # \"quoted\" 'x' \\ : - é \u{301} \u{85} \u{2028}\n}\n\n\n",
            "", "\n", "  \n", "server { server_name a.example.com; }\n", "--- |\n%YAML 1.1\n",
            "server {\n  return 200 \"{{#mustache}}\";  \n}\n", "x: {a: b}\n\u{1}\u{FEFF}\n",
        ]
        host.makeFolders(["/etc/nginx/sites-available", "/etc/nginx/sites-enabled"])
        for (number, content) in contents.enumerated() {
            host.write(content, to: "/etc/nginx/sites-available/site \(number) $(id)'\"*.d")
        }
        host.write(
            "server { listen 80 default_server; }\n", to: "/etc/nginx/sites-available/default")
        host.link("/etc/nginx/sites-available/default", at: "/etc/nginx/sites-enabled/default")
        host.makeFolders(["/etc/nginx/http.d", "/etc/nginx/conf.d"])
        host.write("server { listen 81; }\n", to: "/etc/nginx/http.d/plain.conf")
        let found = try Found(on: host)
        try found.expectNoChange()
        #expect(found.texts.count == contents.count + 2, "\(found.left)")
        #expect(found.left.isEmpty)
        #expect(found.texts.count { $0.contains("enabled: false") } == contents.count)
        let first = try #require(found.texts.first { $0.contains("www.a.example.com") })
        #expect(first.contains("domain: a.example.com\naliases: [www.a.example.com]\n"))
        #expect(first.contains("content: |\n  server {\n  \tlisten 80;\n"))
        // The second site with the same name has no domain of its own.
        #expect(found.texts.count { $0.contains("domain: a.example.com") } == 1)
    }

    @Test("what can't be described is listed with its reason")
    func leftOutSites() throws {
        let host = SampleHost()
        host.makeFolders(["/etc/nginx/sites-available", "/etc/nginx/sites-enabled", "/srv"])
        host.write("server {}\n", to: "/etc/nginx/sites-available/readonly", mode: 0o600)
        host.write([0x73, 0xFF, 0x0A], to: "/etc/nginx/sites-available/latin")
        host.write("server {}\n", to: "/etc/nginx/sites-available/renamed")
        host.link("../sites-available/renamed", at: "/etc/nginx/sites-enabled/000-renamed")
        host.link("loop", at: "/etc/nginx/sites-available/loop")
        host.link("/srv/elsewhere", at: "/etc/nginx/sites-enabled/elsewhere")
        host.makeFolders(["/etc/nginx/sites-available/folder", "/etc/nginx/conf.d"])
        host.write("gzip on;\n", to: "/etc/nginx/conf.d/gzip.conf")
        host.write("server {}\n", to: "/etc/nginx/conf.d/old.conf.bak")
        let found = try Found(on: host)
        #expect(found.texts.isEmpty)
        let reasons = found.left.map { "\($0.what.split(separator: "/").last ?? ""): \($0.reason)" }
        #expect(
            reasons.sorted() == [
                "elsewhere: is a link to /srv/elsewhere, which is not in /etc/nginx/sites-available",
                "folder: is a directory",
                "gzip.conf: holds no `server`, and so no site",
                "latin: is no text in UTF-8, which a document could hold",
                "loop: is a symbolic link to loop",
                "old.conf.bak: is not read by nginx: it does not end in .conf",
                "readonly: has mode 0600, and a site's file has 0644",
                "renamed: is enabled under another name, by /etc/nginx/sites-enabled/000-renamed",
            ])
    }

    @Test(
        "a table of one job is that job",
        arguments: [
            ("0 3 * * * root /usr/bin/backup --all\n", "command: [/usr/bin/backup, \"--all\"]"),
            (
                "# why\n\nMAILTO=\"\"\n*/5 1-3 * jan mon  www-data\tphp '/srv/a b/cron.php' \n",
                "user: www-data"
            ),
            ("SHELL=/bin/sh\nPATH = /a:/b\n@daily root x >/dev/null 2>&1\n", #"[/bin/sh, "-c""#),
            ("@hourly root date +\\%F\n", #"command: [date, "+%F"]"#),
            ("0 0 1 1 0-7 root test -x /a && /a \"$HOME\" `id` \\\\ é\n", #"$HOME"#),
            ("5 4 * * 7 nobody A=1 b\n", "A=1 b"),
        ])
    func tables(_ table: String, _ expected: String) throws {
        let host = SampleHost()
        host.write(table, to: "/etc/cron.d/backup")
        let found = try Found(on: host)
        #expect(found.texts.count == 1, "\(found.left)")
        #expect(found.texts.first?.contains(expected) == true, "\(found.texts)")
        try found.expectNoChange()
        // It is the very job: one that differs in anything is another.
        host.write(table.replacing("root", with: "daemon") + "# more\n", to: "/etc/cron.d/backup")
        let resource = try #require(try found.resources().first)
        #expect(try host.assess(resource).isConverged == !table.contains("root"))
    }

    @Test(
        "a table that says more than one job is listed, with its line",
        arguments: [
            ("0 3 * * * root a\n0 4 * * * root b\n", "has 2 jobs, and a CronJob is one"),
            ("0 3 * * * root a", "has no line break at its end, so that cron does not read it"),
            ("SHELL=/bin/bash\n0 3 * * * root a\n", "has its commands read by /bin/bash"),
            ("0 3 * * * root mail -s x me%Hello%\n", "gives its command input, after a `%`"),
            ("0 3 * * * root a\r\n", "has carriage returns, which cron passes to the command"),
            ("# nothing\n", "has no job"), ("0 3 * * * root\n", "has no command"),
            ("0 3 * * * root a\nA=b\n", "sets A after a job"),
        ])
    func leftOutTables(_ table: String, _ reason: String) throws {
        let host = SampleHost()
        host.write(table, to: "/etc/cron.d/backup")
        let found = try Found(on: host)
        #expect(found.texts.isEmpty)
        #expect(found.left.map(\.reason) == [reason])
        #expect(found.left.first?.fix == "`--file /etc/cron.d/backup` takes it as a File")
    }

    @Test("crontabs, scripts and timers are listed, each line for itself")
    func otherJobs() throws {
        let host = SampleHost()
        host.makeFolders(["/var/spool/cron/crontabs", "/etc/cron.daily", "/etc/systemd/system"])
        host.write("# m h\n0 3 * * * a\n@daily b\n", to: "/var/spool/cron/crontabs/ada")
        host.write("#!/bin/sh\n", to: "/etc/cron.daily/logrotate", mode: 0o755)
        host.write("[Timer]\n", to: "/etc/systemd/system/own.timer")
        host.write("17 * * * * root cd / && x\n", to: "/etc/crontab")
        let found = try Found(on: host)
        #expect(found.texts.isEmpty)
        #expect(
            found.left.map(\.what) == [
                "/var/spool/cron/crontabs/ada:2", "/var/spool/cron/crontabs/ada:3",
                "/etc/crontab:1", "/etc/cron.daily/logrotate", "/etc/systemd/system/own.timer",
            ])
    }

    @Test("files keep owner, mode and every byte; secrets stay where they are")
    func files() throws {
        let host = SampleHost()
        host.makeFolders(["/srv"])
        host.write("a: \"b\" # c\n\t\n", to: "/srv/a", mode: 0o755)
        host.write("", to: "/srv/empty")
        host.write("token\n", to: "/srv/closed", mode: 0o600)
        host.write("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", to: "/srv/key")
        host.write("password: hunter2-correct-horse\n", to: "/srv/conf")
        let files = ["/srv/a", "/srv/empty", "/srv/closed", "/srv/key", "/srv/conf", "/srv/none"]
        let found = try Found(on: host, files: files)
        try found.expectNoChange()
        #expect(found.texts.count == 2, "\(found.refused)")
        #expect(found.texts.contains { $0.contains("mode: \"0755\"") })
        #expect(
            found.refused.map(\.what) == ["/srv/closed", "/srv/key", "/srv/conf", "/srv/none"])
        #expect(!found.refused.contains { "\($0)".contains("hunter2") })
        #expect(found.left.isEmpty, "\(found.left)")
        let all = try Found(on: host, files: files, includesSecrets: true)
        try all.expectNoChange()
        #expect(all.texts.count == 5 && all.texts.count { $0.contains("sensitive: true") } == 3)
    }

    @Test("names are legible, and no two long ones are alike")
    func names() {
        #expect(
            AdoptedName.kebab("/etc/Ärger/my_site.conf", fallback: "x") == "etc-rger-my-site-conf")
        #expect(AdoptedName.kebab("_", fallback: "x") == "x")
        let long = String(repeating: "a/", count: 100)
        let (one, two) = (
            AdoptedName.kebab(long + "1", fallback: "x"),
            AdoptedName.kebab(long + "2", fallback: "x")
        )
        #expect(one != two && AdoptedName.isName(one) && AdoptedName.isName(two))
    }
}
