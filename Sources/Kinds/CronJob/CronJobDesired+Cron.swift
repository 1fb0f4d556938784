import Resources

extension CronJobDesired {
    /// The most that Debian's cron keeps of a command; it cuts a longer one without a word.
    ///
    /// Source: cron's cron.h, MAX_COMMAND.
    static let commandLimit = 998

    /// The table in `/etc/cron.d`, whose lines name the user.
    var tableText: String {
        """
        \(heading)
        SHELL=/bin/sh
        PATH=\(path)\(variables.map { "\n\($0)=\($1)" }.joined())
        \(schedule.text) \(user) \(shellCommand)

        """
    }

    static let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Where programs are looked for by a table's command.
    var path: String { environment?["PATH"] ?? Self.usualPath }

    /// All but `PATH`, in order.
    var variables: [(name: String, value: String)] {
        (environment ?? [:]).filter { $0.key != "PATH" }.sorted { $0.key < $1.key }
            .map { (name: $0.key, value: $0.value) }
    }

    /// The line in a crontab, whose owner is the user. It shares the table with other lines, so
    /// that its variables stand before its command.
    var crontabLine: String {
        let variables = (environment ?? [:]).sorted { $0.key < $1.key }
            .map { "\($0)=\(Self.quoted($1)) " }
        return "\(schedule.text) \(variables.joined())\(shellCommand)"
    }

    /// The command's words for the shell that cron starts.
    var shellCommand: String { command.map(Self.quoted).joined(separator: " ") }

    /// One word of a cron line.
    ///
    /// It is read by cron and then by sh, and crons differ: most turn `%` into a line break unless
    /// a backslash stands before it, and drop that; some drop the first of two backslashes;
    /// busybox does neither. So `%` becomes an unquoted `\%`, which sh reads as `%` if cron has
    /// not, and no backslash ever stands before another.
    static func quoted(_ word: String) -> String {
        if !word.isEmpty, word.unicodeScalars.allSatisfy(isPlain) { return word }
        var result = ""
        var run = ""
        for character in word.unicodeScalars {
            switch character {
            case "'", "%", "\\":
                if !run.isEmpty { result += "'\(run)'" }
                run = ""
                result += character == "\\" ? "'\\'" : "\\\(character)"
            default: run.unicodeScalars.append(character)
            }
        }
        return run.isEmpty && !result.isEmpty ? result : result + "'\(run)'"
    }

    /// What sh reads as itself wherever it stands, but for a first word with `=`, which is quoted.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", ":", ",", "@", "+": true
        default: false
        }
    }
}
