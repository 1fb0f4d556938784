import Foundation
import TestSupport
import Testing

/// `stead install-service`, written below a folder; the fleet's tests run what it writes.
@Suite struct InstallServiceTests {
    private let scratch: Scratch
    private let stead: SteadProcess

    init() throws {
        scratch = try Scratch()
        stead = SteadProcess(folder: scratch.root)
    }

    private func install(_ manager: String = "systemd", _ more: String...) throws
        -> SteadProcess.Result
    {
        try stead.run(
            [
                "install-service", "--init", manager, "--root", scratch.path("root"), "--repo",
                "/srv/git/infra.git", "--ref", "main", "--program", "/bin/true",
            ] + more)
    }

    @Test("a second time finds all as it is; what differs is shown, and kept until --force")
    func twice() throws {
        let first = try install()
        #expect(first.status == 0, "\(first.everything)")
        #expect(first.output.contains("+ /etc/systemd/system/stead-gateway.service"))
        let second = try install()
        #expect(second.status == 0)
        #expect(second.output.split(separator: "\n").allSatisfy { $0.hasPrefix("= ") })

        let unit = "root/etc/systemd/system/stead-gateway.service"
        try scratch.write(unit, try scratch.read(unit) + "# mine\n")
        let before = try scratch.read("root/etc/systemd/system/stead-controller.service")
        let third = try install("systemd", "--gateway-listen", "127.0.0.1:9000")
        #expect(third.status == 1)
        #expect(third.output.contains("-# mine"), "\(third.everything)")
        #expect(third.output.contains("127.0.0.1:9000"))
        #expect(third.errors.contains("nothing was written"))
        #expect(try scratch.read(unit).contains("# mine"))
        #expect(
            try scratch.read("root/etc/systemd/system/stead-controller.service") == before)
        let forced = try install("systemd", "--gateway-listen", "127.0.0.1:9000", "--force")
        #expect(forced.status == 0, "\(forced.everything)")
        #expect(try scratch.read(unit).contains("--listen 127.0.0.1:9000"))
    }

    @Test("--print writes nothing; --remove takes away its own files alone")
    func removal() throws {
        let shown = try install("systemd", "--print")
        #expect(shown.output.contains("==> /etc/systemd/system/stead-controller.service <=="))
        #expect(!scratch.exists("root"))
        #expect(try install().status == 0)
        let removed = try install("systemd", "--remove")
        #expect(removed.status == 0, "\(removed.everything)")
        #expect(removed.output.contains("- /etc/tmpfiles.d/stead.conf"))
        #expect(!scratch.exists("root/etc/systemd/system/stead-controller.service"))
        #expect(try install("systemd", "--remove").output.isEmpty)

        try scratch.write("root/etc/systemd/system/stead-gateway.service", "[Service]\n")
        let kept = try install("systemd", "--remove")
        #expect(kept.status == 1)
        #expect(kept.errors.contains("was not written by"), "\(kept.everything)")
        #expect(scratch.exists("root/etc/systemd/system/stead-gateway.service"))
    }

    @Test("systemd takes the units without a word, and finds little to attack")
    func units() throws {
        #expect(try install("systemd", "--socket-group", "stead-admins").status == 0)
        let folder = scratch.path("root/etc/systemd/system")
        for (name, threshold) in [("stead-controller", "20"), ("stead-gateway", "15")] {
            let unit = "\(folder)/\(name).service"
            let verdict = try Tool.run("/usr/bin/systemd-analyze", ["verify", unit])
            #expect(verdict.status == 0, "\(verdict.everything)")
            #expect(
                !verdict.errors.contains("\(name).service:"), "\(verdict.everything)")
            // The number is ten times the exposure.
            let exposure = try Tool.run(
                "/usr/bin/systemd-analyze",
                ["security", "--offline=yes", "--no-pager", "--threshold=\(threshold)", unit])
            #expect(exposure.status == 0, "\(exposure.everything)")
            #expect(exposure.output.contains("OK"), "\(exposure.everything)")
        }
        let users = try scratch.read("root/etc/sysusers.d/stead.conf")
        #expect(users.contains("m stead stead-gateway") && users.contains("g stead-admins"))
        let made = try Tool.run(
            "/usr/bin/systemd-sysusers",
            ["--root=\(scratch.path("root"))", scratch.path("root/etc/sysusers.d/stead.conf")])
        #expect(made.status == 0, "\(made.everything)")
        #expect(try scratch.read("root/etc/passwd").contains("stead-gateway"))
        #expect(try scratch.read("root/etc/group").contains("stead-gateway:"))
    }

    @Test("words that mean something to systemd or to a shell arrive as they are")
    func quoting() throws {
        let branch = "a 100%$HOME'\"\\b"
        let result = try install("systemd", "--ref", branch, "--force")
        #expect(result.status == 0)
        let unit = try scratch.read("root/etc/systemd/system/stead-controller.service")
        #expect(unit.contains(#"--ref "a 100%%$$HOME'\"\\b" --state"#), "\(unit)")

        #expect(try install("openrc", "--ref", branch, "--force").status == 0)
        let script = """
            . root/etc/conf.d/stead-controller
            eval "set -- $command_args"
            printf '%s\\n' "$@"
            """
        let words = try Tool.run("/bin/sh", ["-euc", script], in: scratch.root)
        #expect(words.output.contains("\n--ref\n\(branch)\n--state\n"), "\(words.everything)")
    }

    @Test("OpenRC's scripts are shell, and name what openrc-run looks for")
    func openRC() throws {
        let result = try install("openrc")
        #expect(result.status == 0, "\(result.everything)")
        for name in ["stead-controller", "stead-gateway"] {
            let file = scratch.path("root/etc/init.d/\(name)")
            let check = try Tool.run("/bin/sh", ["-n", file])
            #expect(check.status == 0, "\(check.everything)")
            let text = try scratch.read("root/etc/init.d/\(name)")
            #expect(text.hasPrefix("#!/sbin/openrc-run\n"))
            #expect(text.contains("supervisor=supervise-daemon"))
            #expect(FileManager.default.isExecutableFile(atPath: file))
        }
    }

    @Test(
        "what can't work is refused before anything is written",
        arguments: [
            (["--repo", "infra"], "a service has no current folder"),
            (["--user", "stead-gateway"], "must not be the user who has the keys"),
            (["--user", "Robert'); DROP"], "is no name for a user"),
            (["--state", "/var/lib/my stead"], "--state takes a path"),
            (["--gateway-listen", "8080"], "takes HOST:PORT"),
            (["--enable"], "nothing can be enabled"), (["--init", "upstart"], "systemd or openrc"),
        ])
    func refusals(_ options: [String], _ words: String) throws {
        let result = try stead.run(
            [
                "install-service", "--init", "systemd", "--root", scratch.path("root"), "--repo",
                "/a",
            ]
                + options)
        #expect(result.status == 64, "\(result.everything)")
        #expect(result.errors.contains(words), "\(result.everything)")
        #expect(!scratch.exists("root"))
    }
}
