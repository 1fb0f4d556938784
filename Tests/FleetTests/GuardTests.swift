import Foundation
import TestSupport
import Testing

/// Changes that lock Stead out of a host: the host undoes them by itself.
@Suite(.serialized) struct GuardTests {
    /// A host of the fleet that no other test speaks to, as here its sshd is broken.
    private final class Victim {
        let tree: FleetTree
        let name: String

        init(timeout: Int = 15) throws {
            let host = try #require(
                Fleet.up().hosts.last { $0.name.hasPrefix("h") }, "there is no host")
            name = host.name
            tree = try FleetTree("guard", hosts: [host.name])
            try tree.scratch.write(
                "repo/desired/stead.yaml",
                "version: 1\nguard: {timeout: \(timeout)s}\npolicy: {maxDeletes: 100}\n")
            try shell(Self.clean)
        }

        deinit {
            _ = try? shell(Self.clean)
        }

        private static let clean = """
            rm -f /etc/ssh/sshd_config.d/guard-test.conf /etc/sudoers.d/guard-test
            [ ! -e /tmp/keys.path ] || cp -p /tmp/keys.kept $(cat /tmp/keys.path)
            rm -rf /tmp/keys.* /srv/guard /var/lib/stead/guard
            systemctl reset-failed ssh || true
            systemctl restart ssh
            """

        /// Runs a script on the host as root, past ssh.
        @discardableResult
        func shell(_ script: String) throws -> String {
            try Tool.shell("\(SickHostTests.script) exec \(name) sh -euc '\(script)'")
        }

        func sshd(_ content: String, extra: String = "") throws {
            try tree.document(
                "sshd",
                """
                kind: File
                name: guard-sshd
                server: \(name)
                path: /etc/ssh/sshd_config.d/guard-test.conf
                content: "\(content)\\n"
                after: [systemctl, restart, ssh]
                \(extra)
                """)
        }

        /// The steps of the last run, as its journal has them.
        var journal: String {
            get throws {
                let runs = try tree.stead.run("history").output
                let last = runs.split(separator: "\n").first?.prefix { $0.isNumber } ?? ""
                return try tree.stead.run("history", String(last)).output
            }
        }

        /// Whether a new connection gets to be root.
        var isReachable: Bool {
            (try? tree.fleet.exec(name, "sudo -n true || [ $(id -u) = 0 ]")) != nil
        }
    }

    @Test("a harmless change is confirmed, and leaves nothing behind")
    func harmless() throws {
        let victim = try Victim()
        try victim.sshd("LoginGraceTime 90")
        try victim.tree.file("note", on: victim.name, content: "open")
        let plan = try victim.tree.plan()
        #expect(
            plan.output.contains(
                "guarded: undone by the host unless a new connection confirms within 15s"),
            "\(plan.everything)")
        let apply = try victim.tree.apply()
        #expect(apply.status == 0, "\(apply.everything)")
        #expect(apply.everything.contains("confirmed by a new connection"))
        #expect(try victim.shell("sshd -T | grep -i gracetime").contains("90"))
        #expect(
            try victim.shell("ls -A /var/lib/stead/guard; stat -c %a /var/lib/stead/guard")
                == "700\n")
        #expect(try victim.tree.plan("--detailed-exitcode").status == 0)
        try victim.tree.document("sshd", "# gone\n")
        let removal = try victim.tree.apply()
        #expect(removal.status == 0, "\(removal.everything)")
        #expect(removal.everything.contains("confirmed by a new connection"))
    }

    @Test("a syntax error in sshd's configuration is put back; other changes of the host stay")
    func syntax() throws {
        let victim = try Victim()
        try victim.sshd("LoginGraceTime 90")
        #expect(try victim.tree.apply().status == 0)
        try victim.sshd("Nonsense on")
        try victim.tree.file("note", on: victim.name, content: "open")
        let apply = try victim.tree.apply()
        try expectPutBack(apply, victim)
        #expect(!apply.output.contains("in force has failed"), "\(apply.everything)")
        #expect(apply.output.contains("1 created"), "\(apply.everything)")
        #expect(try victim.tree.fleet.exec(victim.name, "cat /srv/guard/note") == "open\n")
        #expect(
            try victim.shell("cat /etc/ssh/sshd_config.d/guard-test.conf")
                == "LoginGraceTime 90\n")
        let audit = try victim.tree.stead.run("audit", "verify")
        #expect(audit.status == 0, "\(audit.everything)")
    }

    @Test("another port, which nobody knows of, is put back")
    func port() throws {
        let victim = try Victim()
        try victim.sshd("Port 2222")
        let apply = try victim.tree.apply()
        try expectPutBack(apply, victim)
        #expect(apply.output.contains("a new connection failed"), "\(apply.everything)")
        #expect(try victim.shell("ls /etc/ssh/sshd_config.d").contains("guard-test") == false)
        let plan = try victim.tree.plan()
        #expect(plan.output.contains("+ file/guard-sshd"), "\(plan.everything)")
    }

    @Test("authorized keys without ours are put back, and so is what may no longer become root")
    func keys() throws {
        let victim = try Victim()
        let user = try victim.tree.fleet.host(victim.name).user
        let home = user == "root" ? "/root" : "/home/\(user)"
        let path = "\(home)/.ssh/authorized_keys"
        try victim.shell("cp -p \(path) /tmp/keys.kept; echo \(path) >/tmp/keys.path")
        let before = try victim.shell("stat -c \"%a %U %G\" \(path); cat \(path)")
        try victim.tree.document(
            "keys",
            """
            kind: File
            name: guard-keys
            server: \(victim.name)
            path: \(path)
            owner: \(user)
            group: \(user)
            mode: "0600"
            content: "# nobody\\n"
            """)
        let apply = try victim.tree.apply()
        try expectPutBack(apply, victim)
        #expect(apply.output.contains("the host refused the user \(user)"), "\(apply.everything)")
        #expect(try victim.shell("stat -c \"%a %U %G\" \(path); cat \(path)") == before)
        guard user != "root" else { return }
        try victim.tree.document(
            "keys",
            """
            kind: File
            name: guard-sudo
            server: \(victim.name)
            path: /etc/sudoers.d/guard-test
            mode: "0440"
            content: "\(user) ALL=(ALL:ALL) ALL\\n"
            """)
        let sudo = try victim.tree.apply()
        try expectPutBack(sudo, victim)
        #expect(sudo.output.contains("may not become root"), "\(sudo.everything)")
    }

    @Test("hosts with OpenRC, and with busybox only, undo what fails as well")
    func withoutSystemd() throws {
        let tree = try FleetTree("guarded", hosts: ["b1", "o1"])
        for host in ["b1", "o1"] {
            try tree.clear(host)
            try tree.file("note", on: host, content: "one", extra: "guard: true")
        }
        let first = try tree.apply()
        #expect(first.status == 0, "\(first.everything)")
        for host in ["b1", "o1"] {
            let extra = "guard: true\nafter: [grep, -q, one, /srv/guarded/note]"
            try tree.file("note", on: host, content: "two", extra: extra)
            try tree.file("more", on: host, content: "two", extra: "guard: true")
        }
        let second = try tree.apply()
        #expect(second.status == 1, "\(second.everything)")
        #expect(second.output.contains("back by itself"), "\(second.everything)")
        #expect(!second.output.contains("in force has failed"), "\(second.everything)")
        for host in ["b1", "o1"] {
            let left = try tree.fleet.exec(
                host, "cat /srv/guarded/note; ls /srv/guarded; ls -A /var/lib/stead/guard")
            #expect(left == "one\nnote\n")
        }
    }

    @Test("a run that is killed before it confirms is undone by the host alone")
    func killed() throws {
        // Armed and written; the step is journalled; the command after it has broken sshd.
        for boundary in [3, 6] {
            let victim = try Victim(timeout: 10)
            try victim.sshd("Port 2222")
            let apply = try victim.tree.apply(dieAt: boundary)
            #expect(apply.status == 137, "\(apply.everything)")
            let path = "/etc/ssh/sshd_config.d/guard-test.conf"
            try victim.shell(
                "for n in $(seq 60); do [ -e \(path) ] || exit 0; sleep 1; done; exit 1")
            try victim.shell(
                "for n in $(seq 60); do [ -e /var/lib/stead/guard/*/done ] && exit 0; "
                    + "sleep 1; done; exit 1")
            #expect(victim.isReachable)
            let plan = try victim.tree.plan()
            #expect(plan.output.contains("file/guard-sshd"), "\(plan.everything)")
            try victim.sshd("LoginGraceTime 90")
            let next = try victim.tree.apply()
            #expect(next.status == 0, "\(next.everything)")
            #expect(try victim.shell("ls -A /var/lib/stead/guard") == "")
        }
    }

    /// The run has failed, says why and that the host put it back; the journal knows, and the host
    /// can be reached.
    private func expectPutBack(_ apply: SteadProcess.Result, _ victim: Victim) throws {
        #expect(apply.status == 1, "\(apply.everything)")
        #expect(apply.output.contains("back by itself"), "\(apply.everything)")
        #expect(victim.isReachable)
        let journal = try victim.journal
        #expect(journal.contains("undone"), "\(journal)")
        #expect(try victim.shell("ls -A /var/lib/stead/guard") == "")
    }
}
