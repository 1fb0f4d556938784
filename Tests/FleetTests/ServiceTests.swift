import Foundation
import TestSupport
import Testing

/// What `stead install-service` writes, run by real service managers with the real program.
@Suite(.serialized) struct ServiceTests {
    @Test("under systemd both run with their own rights, come back, reload and drain")
    func systemd() async throws {
        let host = try ServiceHost("h3")
        try host.install()
        try host.giveKey()
        try host.install("--start", "--enable")
        try await host.isServing()
        #expect(
            try host.shell("systemctl is-active stead-controller stead-gateway")
                == "active\nactive\n")
        try host.checkRights()

        for unit in ["stead-controller", "stead-gateway"] {
            let main = try host.shell("systemctl show -p MainPID --value \(unit)")
            try host.shell("kill -9 \(main)")
            try await host.wait {
                try host.shell("systemctl show -p MainPID,ActiveState --value \(unit)")
                    .contains("active")
                    && host.shell("systemctl is-active \(unit) || :") == "active\n"
                    && host.shell("systemctl show -p MainPID --value \(unit)") != main
            }
            #expect(try host.shell("systemctl show -p MainPID --value \(unit)") != main)
        }
        try await host.isServing()

        // A new release, while the gateway only reads the state.
        try host.publish(note: "two", field: "done: {type: bool, default: false}")
        try host.shell("systemctl reload stead-controller stead-gateway")
        try await host.wait { host.answer("/api/notes").body.contains("\"done\":") }
        let answer = host.answer("/api/notes")
        #expect(answer.body.contains("\"done\":"), "\(answer) \(host.journal)")
        #expect(try host.shell("cat /srv/service-test/note") == "two\n")

        try host.shell("systemctl stop stead-controller stead-gateway")
        let ends = try host.shell(
            "systemctl show -p Result -p ExecMainStatus stead-controller stead-gateway")
        #expect(ends.components(separatedBy: "Result=success\n").count == 3, "\(host.journal)")
        #expect(ends.components(separatedBy: "ExecMainStatus=0\n").count == 3, "\(ends)")
        let again = try host.install()
        #expect(again.split(separator: "\n").filter { $0.hasPrefix("= ") }.count == 4, "\(again)")
        try host.shell("\(ServiceHost.program) install-service --remove 2>&1")
        #expect(try host.shell("ls /etc/systemd/system | grep -c '^stead-' || :") == "0\n")
    }

    @Test("under OpenRC both run with their own rights, come back and drain")
    func openRC() async throws {
        let host = try ServiceHost("o1")
        try host.install()
        try host.giveKey()
        try host.install("--start", "--enable")
        try await host.isServing()
        try host.checkRights()
        for name in ["controller", "gateway"] {
            let before = try host.processes(name)
            try host.shell("kill -9 \(before)")
            try await host.wait {
                let now = try host.processes(name)
                return !now.isEmpty && now != before
            }
            #expect(try host.processes(name) != before)
        }
        try await host.isServing()
        try host.shell("rc-service stead-controller reload && rc-service stead-gateway reload")
        try await host.wait {
            try host.shell("cat /var/log/stead-gateway.log").contains("everything was read anew")
        }
        #expect(
            try host.shell("cat /var/log/stead-gateway.log").contains("everything was read anew"))
        try host.shell("rc-service stead-gateway stop && rc-service stead-controller stop")
        #expect(try host.processes("") == "")
        let again = try host.install()
        #expect(again.split(separator: "\n").filter { $0.hasPrefix("= ") }.count == 4, "\(again)")
        try host.shell("\(ServiceHost.program) install-service --remove 2>&1")
        #expect(try host.shell("ls /etc/init.d | grep -c '^stead-' || :") == "0\n")
    }
}

/// A host of the fleet that Stead itself is installed on.
private final class ServiceHost: Sendable {
    static let program = "/usr/local/bin/stead"

    private let fleet: Fleet
    private let host: Fleet.Host
    private let scratch: Scratch

    init(_ name: String) throws {
        fleet = try Fleet.up()
        host = try fleet.host(name)
        scratch = try Scratch()
        try shell(Self.clearing)
        try push()
        try scratch.shell("git init -q -b main tree && git init -q --bare -b main infra.git")
        try publish(note: "one", field: "")
    }

    /// Gives the controller's user the key to the host.
    func giveKey() throws {
        let key = try Data(contentsOf: URL(fileURLWithPath: fleet.identityFile))
        try shell(
            """
            umask 077
            echo \(key.base64EncodedString()) | base64 -d >/tmp/key
            install -m 600 -o stead /tmp/key /etc/stead/keys/id_ed25519
            rm /tmp/key
            """)
    }

    /// The processes of one part, a line each.
    func processes(_ part: String) throws -> String {
        try shell(
            """
            for process in /proc/[0-9]*; do
                if tr '\\0' ' ' <$process/cmdline 2>/dev/null | grep -q '^\(Self.program) \(part)'
                then echo ${process#/proc/}; fi
            done
            """)
    }

    deinit {
        _ = try? shell(Self.clearing)
    }

    /// Takes back all that this test may have left, by an earlier run too.
    private static let clearing = """
        if [ -x \(program) ]; then \(program) install-service --remove >/dev/null 2>&1 || :; fi
        rm -rf /etc/stead /var/lib/stead /srv/infra.git /srv/service-test /usr/local/lib/stead \
            /etc/ld.so.conf.d/stead.conf /var/log/stead-* \(program)
        ldconfig
        for user in stead stead-gateway; do
            userdel $user 2>/dev/null || :
            groupdel $user 2>/dev/null || :
        done
        """

    /// The program, and of its libraries those that the host has not.
    private func push() throws {
        try scratch.shell(
            """
            mkdir -p image/usr/local/bin image/usr/local/lib/stead image/etc/ld.so.conf.d
            strip --strip-debug -o image\(Self.program) \(SteadProcess.path)
            echo /usr/local/lib/stead >image/etc/ld.so.conf.d/stead.conf
            ldd \(SteadProcess.path) | sed -n 's/.*=> \\(\\/[^ ]*\\).*/\\1/p' >libraries
            """)
        let there = try shell("ldconfig -p").split(separator: "\n")
            .compactMap { $0.split(whereSeparator: \.isWhitespace).first.map(String.init) }
        for library in try scratch.read("libraries").split(separator: "\n") {
            let name = String(library.split(separator: "/").last ?? "")
            if !there.contains(name) {
                try scratch.shell("cp -L \(library) image/usr/local/lib/stead/")
            }
        }
        try send("image", to: "/")
        try shell("ldconfig")
    }

    private func send(_ folder: String, to place: String) throws {
        try scratch.shell(
            """
            tar -C \(folder) --owner=root --group=root -cf - . |
                ssh -F \(fleet.folder)/ssh_config \(host.name) \
                'mkdir -p \(place) && tar --no-overwrite-dir -C \(place) -xf -'
            """)
    }

    /// Commits a tree that manages the host itself over SSH, and an app on SQLite.
    func publish(note: String, field: String) throws {
        try scratch.write("tree/desired/stead.yaml", "version: 1\nsource: {interval: 1h}\n")
        try scratch.write(
            "tree/desired/servers/self.yaml",
            """
            kind: Server
            name: self
            host: 127.0.0.1
            identityFile: /etc/stead/keys/id_ed25519
            hostKey: \(host.hostKey)
            """)
        try scratch.write(
            "tree/desired/files/note.yaml",
            """
            kind: File
            name: note
            server: self
            path: /srv/service-test/note
            content: "\(note)\\n"
            """)
        try scratch.writeNotes(to: "tree/desired", field: field)
        try scratch.shell(
            "cd tree && git add -A && git commit -qm '\(note)' && git push -q ../infra.git main")
        try send("infra.git", to: "/srv/infra.git")
    }

    @discardableResult
    func install(_ options: String...) throws -> String {
        try shell(
            """
            \(Self.program) install-service --repo /srv/infra.git --ref main \
                --controller-listen 0.0.0.0:8090 --gateway-listen 0.0.0.0:8080 \
                \(options.joined(separator: " ")) 2>/tmp/install.err || { cat /tmp/install.err; exit 1; }
            """)
    }

    /// Runs a script on the host, as root.
    @discardableResult
    func shell(_ script: String) throws -> String {
        let result = try Tool.run(
            "/usr/bin/ssh",
            ["-F", fleet.folder + "/ssh_config", host.name, "PATH=$PATH:/usr/sbin:/sbin sh -eu"],
            input: script)
        guard result.status == 0 else {
            throw Failed(description: "\(script)\n\(result.everything)")
        }
        return result.output
    }

    /// A script that failed.
    private struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// What both have said lately, under systemd.
    var journal: String {
        let units = "-u stead-controller -u stead-gateway"
        return (try? shell("journalctl \(units) --no-pager | tail -n 60")) ?? ""
    }

    /// Asks from outside: the status and the body.
    func answer(_ path: String, port: Int = 8080, body: String? = nil) -> (
        status: Int, body: String
    ) {
        let more = body.map { ["-H", "content-type: application/json", "-d", $0] } ?? []
        let result = try? Tool.run(
            "/usr/bin/curl",
            ["-s", "-m", "5", "-w", "\n%{http_code}", "http://\(host.address):\(port)\(path)"]
                + more)
        let lines = (result?.output ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    func wait(until isSo: () throws -> Bool) async throws {
        for _ in 0..<150 {
            if try isSo() { return }
            try await Task.sleep(for: .milliseconds(400))
        }
    }

    /// Both are ready, the host is as git says, and rows can be written.
    func isServing() async throws {
        try await wait {
            answer("/readyz", port: 8090).status == 200 && answer("/readyz").status == 200
                && answer("/api/notes").status == 200
        }
        #expect(answer("/readyz", port: 8090).status == 200)
        #expect(answer("/readyz").status == 200)
        let made = answer("/api/notes", body: "{\"text\":\"hello\"}")
        #expect(made.status == 201, "\(made)")
        #expect(try shell("cat /srv/service-test/note") == "one\n")
    }

    /// The gateway's user reads what it serves, and nothing else.
    func checkRights() throws {
        func may(_ command: String) throws -> Bool {
            try shell(
                "if runuser -u stead-gateway -- sh -c '\(command)' >/dev/null 2>&1; "
                    + "then echo yes; else echo no; fi") == "yes\n"
        }
        #expect(try may("cat /var/lib/stead/keys/notes.json"))
        #expect(try may("cat /var/lib/stead/stead.db"))
        for command in [
            "cat /etc/stead/keys/id_ed25519", "ls /etc/stead/keys", "ls /var/lib/stead/run",
            ": >>/var/lib/stead/stead.db", ": >>/var/lib/stead/keys/notes.json",
            "touch /var/lib/stead/new", "rm -f /var/lib/stead/stead.db",
        ] {
            #expect(try !may(command), "\(command)")
        }
        #expect(try shell("stat -c %U:%a /etc/stead/keys/id_ed25519") == "stead:600\n")
    }
}
