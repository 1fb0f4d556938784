import Resources
import Testing

@testable import Kinds

@Suite struct CronJobTests {
    private static let hostileWords = [
        "--all", "a b", "it's", "50%", #"\%"#, #"\\"#, #"\'%\\%'\"#, "$HOME", "$(id)", "`id`",
        "\"", ";", "|", "&&", "*", "~", "#x", "=", "A=b", "é\u{301}'\u{301}%\u{301}", "-n", "\\n",
    ]

    @Test("every word reaches the program as it is, through any cron", arguments: Shell.all)
    func quoting(_ shell: Shell) {
        let folder = Folder()
        for words in Self.hostileWords.map({ [$0] }) + [Self.hostileWords] {
            let line = (["printf", "[%s]"] + words).map(CronJobDesired.quoted)
                .joined(separator: " ")
            for cron in [Self.debianCron, Self.vixieCron, Self.busyboxCron] {
                let ending = shell.run(cron(line), in: folder)
                let expected = words.map { "[\($0)]" }.joined()
                #expect(ending.output.utf8.elementsEqual(expected.utf8), "\(line)")
            }
        }
    }

    /// What crons make of a line before a shell reads it: `\%` is a percent sign.
    private static func debianCron(_ line: String) -> String { unescaped(line, ["%"]) }

    /// Vixie's own also takes `\\` for one backslash.
    private static func vixieCron(_ line: String) -> String { unescaped(line, ["%", "\\"]) }

    private static func busyboxCron(_ line: String) -> String { line }

    /// do_command.c of cron: a bare `%` would end the command.
    private static func unescaped(_ line: String, _ escapable: Set<Unicode.Scalar>) -> String {
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                isEscaped = false
                if escapable.contains(scalar) { result.removeLast() }
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "%" {
                break
            }
            result.append(scalar)
        }
        return String(result)
    }

    @Test("a crontab's other lines and other jobs stay as they are", arguments: Shell.all)
    func crontab(_ shell: Shell) throws {
        let host = SampleHost(shell, .alpine)
        let path = host.path(FileCommands.crontabDirectory + "/root")
        let foreign = """
            # min hour
            0 1 * * * echo "50\\% \\n" é
            # stead: cron-job/other-one
            # not closed
            """
        Folder.write(Array(foreign.utf8), to: path)
        let jobs = try ["one", "two", "other"].map { try Self.job($0) }
        for job in jobs { try host.perform(host.assess(job).steps) }
        for job in jobs { #expect(try host.assess(job).isConverged) }
        try host.perform(host.assess(jobs[0], Intent(isRemoval: true)).steps)
        #expect(try host.assess(jobs[1]).isConverged)
        let text = String(decoding: Folder.read(path) ?? [], as: UTF8.self)
        let blocks = ["two", "other"].map { name in
            "# stead: cron-job/\(name)\n5 4 * * * /bin/true\n# stead: end cron-job/\(name)\n"
        }
        #expect(text == foreign + "\n" + blocks.joined())
        let told = Folder.read(host.path(FileCommands.crontabDirectory + "/cron.update")) ?? []
        #expect(String(decoding: told, as: UTF8.self) == "root\nroot\nroot\nroot\n")
    }

    @Test("a block that is there twice, or is cut short, is put right", arguments: Shell.all)
    func brokenBlocks(_ shell: Shell) throws {
        let begin = "# stead: cron-job/one\n"
        let end = "# stead: end cron-job/one\n"
        let job = try Self.job("one")
        for text in [
            begin + "x\n" + end + "a\n" + begin + "5 4 * * * /bin/true\n" + end,
            begin + "a\n" + begin + "x\n" + end, end + "a\n", begin + "a",
        ] {
            let host = SampleHost(shell, .alpine)
            let path = host.path(FileCommands.crontabDirectory + "/root")
            Folder.write(Array(text.utf8), to: path)
            #expect(!(try host.assess(job).isConverged))
            try host.perform(host.assess(job).steps)
            #expect(try host.assess(job).isConverged)
            let after = String(decoding: Folder.read(path) ?? [], as: UTF8.self)
            #expect(after.contains("a\n") && !after.contains("x\n"))
        }
    }

    @Test("a host without any cron says so")
    func noCron() throws {
        let host = SampleHost(.dash, .alpine)
        let job = try Self.job("one")
        let steps = try host.assess(job).steps
        _ = host.run(Command("rm -rf \"$1\"", ["/var"]))
        let ending = host.run(try #require(steps.first))
        #expect(ending.status == 1)
        #expect(ending.output.contains("this host has no cron"))
    }

    @Test("a job of systemd on a host without it is unknown, not absent")
    func noSystemd() throws {
        let host = SampleHost(.dash, .alpine)
        let job = try Self.job("one", "scheduler: systemd")
        #expect(throws: (any Error).self) { try host.assess(job) }
    }

    @Test("a timer that somebody stopped is started again")
    func stoppedTimer() throws {
        let host = SampleHost()
        let job = try Self.job("one", "scheduler: systemd")
        try host.perform(host.assess(job).steps)
        _ = host.run(Command("systemctl stop \"$1\"", ["one.timer"]))
        let drift = try host.assess(job)
        #expect(drift.changes.map(\.subject) == ["state of one.timer"])
        #expect(drift.steps.map(\.id) == ["start one.timer"])
        try host.perform(drift.steps)
        #expect(try host.assess(job).isConverged)
    }

    @Test("a command that cron would cut is refused")
    func longCommand() throws {
        let words = String(repeating: "x", count: 1000)
        let yaml = Self.yaml("one").replacing("/bin/true", with: "/bin/true, \(words)")
        #expect(SampleTree(yaml).report.contains("put it in a script"))
        #expect(SampleTree(yaml + "scheduler: systemd\n").findings.isEmpty)
    }

    private static func yaml(_ name: String, _ rest: String = "") -> String {
        """
        kind: CronJob
        name: \(name)
        server: web-1
        schedule: "5 4 * * *"
        command: [/bin/true]
        \(rest)

        """
    }

    private static func job(_ name: String, _ rest: String = "") throws -> any Resource {
        let tree = SampleTree(yaml(name, rest))
        return try #require(tree.resources.first, "\(tree.report)")
    }
}
