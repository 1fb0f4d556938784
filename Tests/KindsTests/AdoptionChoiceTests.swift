import Resources
import Testing

@testable import Kinds

/// What is taken only when a person asks for it, and what they are told of the rest.
@Suite struct AdoptionChoiceTests {
    @Test(
        "a job with what looks like a secret is left out until it is asked for",
        arguments: [
            "DB_PASSWORD=hunter2\n0 3 * * * root /usr/bin/backup\n",
            "0 3 * * * root /usr/bin/backup --password=hunter2 --all\n",
            "0 3 * * * root /usr/bin/backup --password hunter2 | mail -s x me\n",
            "0 3 * * * root curl -H 'Authorization: Bearer hunter2-Ab3' http://localhost/\n",
            "0 3 * * * root dump mysql://shop:hunter2@localhost/shop\n",
        ])
    func secretJobs(_ table: String) throws {
        let host = SampleHost()
        host.write(table, to: "/etc/cron.d/backup")
        let found = try Found(on: host)
        #expect(found.texts.isEmpty)
        #expect(
            found.left == [
                LeftOut(
                    "/etc/cron.d/backup",
                    "holds what looks like a secret; whoever reads the repository would read it",
                    fix: "--include-secrets takes it all the same")
            ])
        let all = try Found(on: host, includesSecrets: true)
        try all.expectNoChange()
        #expect(all.texts.count == 1 && all.left.isEmpty, "\(all.left)")
        #expect(all.secrets == ["/etc/cron.d/backup"])
    }

    @Test("a job's line in a crontab that Stead wrote is held to the same")
    func secretLine() throws {
        let host = SampleHost(.dash, .alpine)
        host.makeFolders(["/var/spool/cron/crontabs"])
        let job = CronJobDesired(
            name: "backup", scheduler: .cron, schedule: try CronSchedule("0 3 * * *"),
            timezone: nil, user: "root", command: ["backup", "--token=hunter2"])
        host.write(CrontabBlock(job).text, to: "/var/spool/cron/crontabs/root")
        let found = try Found(on: host)
        #expect(found.texts.isEmpty)
        #expect(found.left.map(\.fix) == ["--include-secrets takes it all the same"])
        #expect(try Found(on: host, includesSecrets: true).texts.count == 1)
    }

    @Test(
        "a site with what looks like a secret is left out until it is asked for",
        arguments: [
            #"set $api_key "sk_live_hunter2";"#,
            #"location / { proxy_set_header Authorization "Bearer hunter2-Ab3"; }"#,
            "# -----BEGIN PRIVATE KEY-----",
        ])
    func secretSites(_ line: String) throws {
        let host = SampleHost()
        host.makeFolders(["/etc/nginx/conf.d"])
        host.write(
            "server {\n  server_name a.example.com;\n  \(line)\n}\n", to: "/etc/nginx/conf.d/a.conf"
        )
        host.write("server { server_name a.example.com; }\n", to: "/etc/nginx/conf.d/b.conf")
        let found = try Found(on: host)
        // The domain is still free for the next.
        #expect(found.texts.count == 1, "\(found.left)")
        #expect(found.texts.first?.contains("domain: a.example.com") == true)
        #expect(found.left.map(\.what) == ["/etc/nginx/conf.d/a.conf"])
        #expect(found.left.first?.fix == "--include-secrets takes it all the same")
        #expect(!"\(found.left)".contains("hunter2"))
        let all = try Found(on: host, includesSecrets: true)
        try all.expectNoChange()
        #expect(all.texts.count == 2 && all.left.isEmpty, "\(all.left)")
        #expect(all.secrets == ["/etc/nginx/conf.d/a.conf"])
    }

    @Test("what most sites and jobs say is no secret")
    func harmless() throws {
        let host = SampleHost()
        host.makeFolders(["/etc/nginx/conf.d"])
        host.write(
            """
            server {
              listen 443 ssl;
              ssl_certificate /etc/ssl/a.pem;
              ssl_certificate_key /etc/ssl/private/a.key;
              ssl_session_tickets off;
              auth_basic "Staff";
              auth_basic_user_file /etc/nginx/htpasswd;
              add_header Access-Control-Allow-Headers "DNT,Authorization";
              location / {
                proxy_pass http://127.0.0.1:8080;
                proxy_set_header Authorization $http_authorization;
              }
            }

            """, to: "/etc/nginx/conf.d/a.conf")
        host.write(
            "MAILTO=root\n0 3 * * * root backup --password-file /etc/backup.pass\n",
            to: "/etc/cron.d/backup")
        let found = try Found(on: host)
        #expect(found.texts.count == 2 && found.left.isEmpty, "\(found.left)")
    }

    @Test("what a person names is a File, and no other kind speaks of it")
    func named() throws {
        let host = SampleHost()
        host.makeFolders(["/etc/nginx/conf.d"])
        host.write("gzip on;\n", to: "/etc/nginx/conf.d/gzip.conf")
        host.write("server {}\n", to: "/etc/nginx/conf.d/site.conf")
        host.write("0 3 * * * root a\n0 4 * * * root b\n", to: "/etc/cron.d/two")
        host.write("0 3 * * * root a\nb\n", to: "/etc/cron.d/two2")
        host.write("0 3 * * * root\n", to: "/etc/cron.d/none")
        host.link("two", at: "/etc/cron.d/link")
        let files = [
            "/etc/nginx/conf.d/gzip.conf", "/etc/nginx/conf.d/site.conf", "/etc/cron.d/two",
            "/etc/cron.d/none", "/etc/cron.d/link", "/etc/cron.d/two",
        ]
        let found = try Found(on: host, files: files)
        try found.expectNoChange()
        #expect(found.texts.count == 4, "\(found.texts)")
        #expect(found.texts.allSatisfy { $0.contains("kind: File") })
        #expect(found.refused == [LeftOut("/etc/cron.d/link", "is a symbolic link to two")])
        #expect(found.left.map(\.what) == ["/etc/cron.d/two2"])
    }

    @Test("what another document has already is listed once, and no mistake")
    func declared() throws {
        let host = SampleHost()
        host.write("0 3 * * * root a\n", to: "/etc/cron.d/a")
        let path = "/etc/cron.d/a"
        let found = try Found(
            on: host, files: [path],
            claimed: [Claim(.path, path, field: ""): Address("CronJob", "a")])
        #expect(found.left == [LeftOut(path, "is declared already, by cron-job/a")])
        #expect(found.refused.isEmpty && found.texts.isEmpty)
    }

    @Test("a hint is given only where it helps")
    func hints() throws {
        let host = SampleHost()
        host.makeFolders([
            "/etc/systemd/system", "/etc/cron.daily", "/etc/nginx/sites-available",
            "/etc/nginx/sites-available/.git",
        ])
        host.link("/dev/null", at: "/etc/systemd/system/apt-daily.timer")
        host.link("/lib/systemd/system/b.timer", at: "/etc/systemd/system/b.timer")
        host.write("[Timer]\n", to: "/etc/systemd/system/own.timer")
        host.link("/usr/bin/true", at: "/etc/cron.daily/link")
        host.write("0 3 * * * root a\n", to: "/etc/cron.d/closed", mode: 0o600)
        host.write("0 3 * * * root a --token=hunter2\n", to: "/etc/crontab")
        let found = try Found(on: host)
        let hints = Dictionary(
            uniqueKeysWithValues: found.left.map {
                (String($0.what.split(separator: "/").last ?? ""), $0.fix)
            })
        #expect(
            hints == [
                "apt-daily.timer": nil, "b.timer": nil, "link": nil, ".git": nil,
                "own.timer": "`--file /etc/systemd/system/own.timer` takes it as a File",
                "crontab:1": "move it to a file in /etc/cron.d, or "
                    + "`--file /etc/crontab --include-secrets` takes it as a File",
                "closed": "`--file /etc/cron.d/closed --include-secrets` takes it as a File",
            ])
        #expect(
            found.left.contains {
                $0.what.hasSuffix("apt-daily.timer")
                    && $0.reason == "is masked: systemd starts nothing for it"
            })
    }
}
