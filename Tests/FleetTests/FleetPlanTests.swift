import Foundation
import TestSupport
import Testing

/// Plan and apply on real hosts: systemd, OpenRC, and busybox with nothing else.
@Suite(.serialized) struct FleetPlanTests {
    @Test("sites, jobs and files arrive, answer, and then nothing is left to do")
    func everything() throws {
        let tree = try FleetTree("all", hosts: ["h1", "h2"])
        for host in ["h1", "h2"] {
            try tree.clear(host)
            try tree.site("one", on: host, words: "one on \(host)")
            try tree.job("job", on: host)
            try tree.file("note", on: host, content: "hello")
        }
        let apply = try tree.apply()
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(apply.output.contains("6 created"))
        for host in ["h1", "h2"] { #expect(try tree.answers("one on \(host)", "one", on: host)) }
        let plan = try tree.plan("--detailed-exitcode")
        #expect(plan.status == 0, "\(plan.everything)")
        try tree.document("site-h1-one", "# gone\n")
        #expect(try tree.apply().output.contains("1 deleted"))
        #expect(try !tree.answers("one on h1", "one", on: "h1"))
    }

    @Test("jobs and files work on a host with OpenRC, and on one with busybox only")
    func withoutSystemd() throws {
        let tree = try FleetTree("plain", hosts: ["b1", "o1"])
        for host in ["b1", "o1"] {
            try tree.clear(host)
            try tree.job("job", on: host)
            try tree.job("other", on: host)
            try tree.file("note", on: host, content: "hello")
        }
        try tree.site("one", on: "o1", words: "openrc")
        let apply = try tree.apply()
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(try tree.answers("openrc", "one", on: "o1"))
        let crontab = try tree.fleet.exec("b1", "cat /var/spool/cron/crontabs/root")
        #expect(crontab.contains("stead: cron-job/plain-job-b1"))
        #expect(crontab.contains("stead: cron-job/plain-other-b1"))
        let plan = try tree.plan("--detailed-exitcode")
        #expect(plan.status == 0, "\(plan.everything)")
        try tree.document("job-b1-job", "# gone\n")
        #expect(try tree.apply().status == 0)
        let after = try tree.fleet.exec("b1", "cat /var/spool/cron/crontabs/root")
        #expect(!after.contains("plain-job-b1"))
        #expect(after.contains("plain-other-b1"))
    }

    @Test("a job with a timezone becomes a systemd timer that is on")
    func timer() throws {
        let tree = try FleetTree("timer", hosts: ["h2"])
        try tree.job("job", on: "h2", extra: "scheduler: systemd\ntimezone: Europe/Paris")
        let apply = try tree.apply()
        #expect(apply.status == 0, "\(apply.everything)")
        let timers = try tree.fleet.exec("h2", "sudo systemctl is-enabled timer-job-h2.timer")
        #expect(timers == "enabled\n")
        #expect(try tree.plan("--detailed-exitcode").status == 0)
        try tree.document("job-h2-job", "# gone\n")
        let delete = try tree.apply()
        #expect(delete.status == 0, "\(delete.everything)")
        #expect(
            try tree.fleet.exec("h2", "ls /etc/systemd/system | grep -c timer-job || true") == "0\n"
        )
    }

    @Test("a host behind another is reached through it, and unknown when that one is")
    func jump() throws {
        let tree = try FleetTree("jump", hosts: ["h1"])
        let inner = try tree.fleet.host("h2").document(identityFile: tree.fleet.identityFile)
        try tree.document("servers/h2", inner + "via: h1\n")
        try tree.clear("h2")
        try tree.file("note", on: "h2", content: "through")
        let apply = try tree.apply()
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(try tree.fleet.exec("h2", "cat /srv/jump/note") == "through\n")
        let peers = try tree.fleet.exec("h2", "sudo journalctl --unit ssh --since -10s | cat")
        let gate = try tree.fleet.host("h1").address
        #expect(peers.contains("from \(gate) port"), "\(peers)")
        let outer = try tree.fleet.host("h1").document(identityFile: tree.fleet.identityFile)
        try tree.document("servers/h1", outer.replacing("port: 22", with: "port: 1"))
        let plan = try tree.plan()
        #expect(plan.output.contains("3 unknown"), "\(plan.everything)")
    }

    @Test("a template that nginx refuses is taken back whole; the old sites answer on")
    func refusedTemplate() throws {
        let tree = try FleetTree("refuse", hosts: ["h1"])
        try tree.clear("h1")
        try tree.site("one", on: "h1", words: "one")
        try tree.site("two", on: "h1", words: "two")
        #expect(try tree.apply().status == 0)
        try tree.site("one", on: "h1", words: "new one")
        try tree.site("two", on: "h1", words: "two\\\"; nonsense on; #")
        try tree.site("three", on: "h1", words: "three")
        let refused = try tree.apply()
        #expect(refused.status == 1)
        #expect(refused.output.contains("nonsense"), "\(refused.everything)")
        #expect(refused.output.contains("desired/site-h1-two.yaml"))
        for name in ["one", "two"] { #expect(try tree.answers(name, name, on: "h1")) }
        let listing = try tree.fleet.exec(
            "h1", "ls -A /etc/nginx/sites-available /etc/nginx/sites-enabled /etc/nginx | cat")
        #expect(!listing.contains("refuse-three"))
        #expect(!listing.contains("stead"))
        try tree.site("two", on: "h1", words: "mended")
        #expect(try tree.apply().status == 0)
        #expect(try tree.answers("mended", "two", on: "h1"))
    }

    @Test("what only the reload can find out is taken back as well, and told")
    func refusedReload() throws {
        let tree = try FleetTree("port", hosts: ["h2"])
        try tree.clear("h2")
        try tree.site("one", on: "h2", words: "one")
        #expect(try tree.apply().status == 0)
        #expect(try tree.answers("one", "one", on: "h2"))
        try tree.site("one", on: "h2", words: "changed")
        #expect(try tree.apply().status == 0)
        #expect(try tree.answers("changed", "one", on: "h2"), "no moment of the old site")
        // sshd has that port, which `nginx -t` does not mind.
        try tree.scratch.write("repo/templates/nginx/taken.conf", "server { listen 22; }\n")
        try tree.document(
            "taken",
            """
            kind: NginxSite
            name: port-taken
            server: h2
            domain: taken.example.com
            template: taken
            """)
        let refused = try tree.apply()
        #expect(refused.status == 1)
        #expect(refused.output.contains("the reload refused it"), "\(refused.everything)")
        #expect(refused.output.contains("0.0.0.0:22 failed"), "\(refused.everything)")
        #expect(try tree.answers("changed", "one", on: "h2"))
        let listing = try tree.fleet.exec("h2", "ls -A /etc/nginx /etc/nginx/sites-available")
        #expect(!listing.contains("port-taken") && !listing.contains("stead"), "\(listing)")
    }

    @Test("a command after a write runs once, and again only when the file changes")
    func after() throws {
        let tree = try FleetTree("after", hosts: ["h2"])
        try tree.clear("h2")
        let extra = "after: [sh, -c, 'echo ran >>/srv/after/log']"
        try tree.file("note", on: "h2", content: "one", extra: extra)
        #expect(try tree.apply().status == 0)
        #expect(try tree.apply().status == 0)
        #expect(try tree.fleet.exec("h2", "cat /srv/after/log") == "ran\n")
        try tree.file("note", on: "h2", content: "two", extra: extra)
        #expect(try tree.apply().status == 0)
        #expect(try tree.fleet.exec("h2", "cat /srv/after/log") == "ran\nran\n")
    }
}
