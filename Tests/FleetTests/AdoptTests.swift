import Foundation
import TestSupport
import Testing

/// `stead adopt` of real hosts: Debian, OpenRC with nginx, and busybox alone.
@Suite(.serialized) struct AdoptTests {
    /// Everything about every file below `/etc` and cron's folder, but for when it was last read.
    private static func state(of host: String, _ fleet: Fleet) throws -> String {
        try fleet.exec(
            host,
            """
            sudo=; [ "$(id -u)" = 0 ] || sudo='sudo -n'
            $sudo sh -c 'for d in /etc /var/spool/cron; do
            find $d -exec stat -c "%n %f %u %g %s %Y %Z %i" {} + | sort
            find $d -type f -exec sha256sum {} + | sort; done'
            """)
    }

    /// What about the files isn't as it was; nothing when all is.
    private static func changes(of host: String, since before: String, _ fleet: Fleet) throws
        -> [String]
    {
        let after = try state(of: host, fleet)
        return after.split(separator: "\n").difference(from: before.split(separator: "\n")).map {
            switch $0 {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
    }

    private static func prepare(_ host: String, _ fleet: Fleet, _ script: String) throws {
        let text = Data(script.utf8).base64EncodedString()
        try fleet.exec(
            host,
            """
            sudo=; [ "$(id -u)" = 0 ] || sudo='sudo -n'
            echo \(text) | base64 -d | $sudo sh
            """)
    }

    @Test("a Debian host with sites and jobs as people leave them")
    func debian() throws {
        let tree = try FleetTree("adopt", hosts: ["h1"])
        try tree.clear("h1")
        try Self.prepare(
            "h1", tree.fleet,
            #"""
            cd /etc/nginx
            printf 'server {\n\tlisten 80;\n  server_name adopt.example.com;\r\n}\n\n' >sites-available/adopt-shop
            ln -sf /etc/nginx/sites-available/adopt-shop sites-enabled/adopt-shop
            printf 'server { server_name "adopt2.example.com"; } # $(id) `id`' >"sites-available/adopt-it's \$(id).conf"
            ln -sf loop sites-available/adopt-loop
            printf '# Nightly.\nMAILTO=root\n\n30 2 * * mon-fri  root  test -x /bin/true && /bin/true >/dev/null 2>&1\n' >/etc/cron.d/adopt-one
            printf '1 1 * * * root a\n2 2 * * * root b\n' >/etc/cron.d/adopt-two
            chmod 644 /etc/cron.d/adopt-*
            """#)
        let before = try Self.state(of: "h1", tree.fleet)
        let adopt = try tree.stead.run(
            "adopt", "h1", "--repo", "repo", "--file", "/etc/nginx/mime.types", "--file",
            "/etc/cron.d/adopt-two", "--file", "/etc/shadow", "--out", "repo/desired/h1")
        // A file that was named is not taken.
        #expect(adopt.status == 1, "\(adopt.everything)")
        #expect(try Self.changes(of: "h1", since: before, tree.fleet) == [])
        for part in [
            "/adopt-loop: is a symbolic link to loop",
            "error: --file /etc/shadow: is not for everybody to read",
        ] {
            #expect(adopt.errors.contains(part), "\(part)\n\(adopt.errors)")
        }
        #expect(!adopt.errors.contains("/etc/cron.d/adopt-two: has 2 jobs"), "\(adopt.errors)")
        for name in ["sites/adopt-shop", "sites/adopt-it-s-id", "cron/adopt-one"] {
            #expect(
                (try? tree.scratch.read("repo/desired/h1/\(name).yaml")) != nil, "\(adopt.errors)")
        }
        let plan = try tree.plan("--detailed-exitcode")
        #expect(plan.status == 0, "\(plan.everything)")
        let apply = try tree.apply()
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(try Self.changes(of: "h1", since: before, tree.fleet) == [])
        try Self.prepare(
            "h1", tree.fleet,
            "rm -f /etc/nginx/sites-*/adopt-* /etc/cron.d/adopt-*")
    }

    @Test("hosts with OpenRC and with busybox only")
    func small() throws {
        let tree = try FleetTree("adoptsmall", hosts: ["b1", "o1"])
        for host in ["b1", "o1"] {
            try tree.clear(host)
            try tree.job("job", on: host)
        }
        #expect(try tree.apply().status == 0)
        for host in ["b1", "o1"] {
            try Self.prepare(
                host, tree.fleet,
                "echo note >/etc/adopt-note; echo '5 5 * * * by-hand' >>/var/spool/cron/crontabs/root"
                    + "; mkdir -p /etc/nginx/http.d"
                    + "; printf 'server {\\n\\tlisten 8080;\\n}' >/etc/nginx/http.d/adopt.conf")
            // Another repository, and another state, that know nothing of the job.
            let fresh = try FleetTree("adoptsmall", hosts: [host])
            let before = try Self.state(of: host, fresh.fleet)
            let adopt = try fresh.stead.run(
                "adopt", host, "--repo", "repo", "--file", "/etc/adopt-note", "--out",
                "repo/desired/found")
            #expect(adopt.status == 0, "\(adopt.everything)")
            #expect(try Self.changes(of: host, since: before, fresh.fleet) == [])
            let names = try fresh.scratch.shell("ls repo/desired/found/*")
            #expect(names.contains("adoptsmall-job-\(host).yaml"), "\(names)\n\(adopt.errors)")
            #expect(
                names.contains("adopt.yaml") && names.contains("etc-adopt-note.yaml"), "\(names)")
            #expect(adopt.errors.contains("is a line of root's crontab"), "\(adopt.errors)")
            let plan = try fresh.plan("--detailed-exitcode")
            #expect(plan.status == 0, "\(plan.everything)")
            try Self.prepare(
                host, fresh.fleet,
                "rm -f /etc/nginx/http.d/adopt.conf /etc/adopt-note"
                    + "; sed -i /by-hand/d /var/spool/cron/crontabs/root"
            )
        }
    }

    @Test("the guide does what it says")
    func guide() throws {
        let fleet = try Fleet.up()
        let host = try fleet.host("h1")
        let scratch = try Scratch()
        let before = try Self.state(of: "h1", fleet)
        let script = try Guide("adopt").script(without: ["FLEET=", "HOST="])
        let user = host.user == "root" ? "" : " --user \(host.user) --sudo"
        let result = try Guide.run(
            "FLEET=\(fleet.folder)\nHOST=\(host.address)\n"
                + script.replacing("--host $HOST", with: "--host $HOST\(user)"),
            in: scratch.root)
        #expect(result.status == 0, "\(result.everything)")
        #expect(result.output.contains("kind: Server"), "\(result.everything)")
        #expect(result.output.contains("0 to create, 0 to update"), "\(result.everything)")
        #expect(try Self.changes(of: "h1", since: before, fleet) == [])
    }
}
