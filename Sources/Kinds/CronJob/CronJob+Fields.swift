import Resources

extension CronJob {
    static let summary = "A command that a server runs on a schedule, by cron or a systemd timer."

    static let example = """
        kind: CronJob
        name: backup
        server: web-1
        schedule: "0 3 * * *"
        scheduler: cron              # cron | systemd; a timezone needs systemd
        user: root
        command: [/usr/local/bin/backup, --all]

        """

    static let fields = FieldTable<CronJobSpec>(
        from: { CronJobSpec() },
        [
            Field(
                "server", \.server, .reference(to: "Server"), isRequired: true,
                "The server that runs the command.", example: "web-1"),
            Field(
                "schedule", \.schedule, .schedule(), isRequired: true,
                "When it runs, as in crontab(5): minute, hour, day of the month, month, day of the "
                    + "week, or `@daily` and the like.",
                example: "\"0 3 * * *\""),
            Field(
                "scheduler", \.scheduler, .enumeration, defaultText: "cron",
                "What runs it: the host's cron, or a systemd timer.", example: "systemd"),
            Field(
                "timezone", \.timezone, .timezone,
                "The timezone of the schedule, by its IANA name; the host's own when omitted. "
                    + "Needs `scheduler: systemd`.",
                example: "Europe/Paris"),
            Field(
                "user", \.user, .userName, defaultText: "root",
                "The user whom the command runs as, by name.", example: "www-data"),
            Field(
                "command", \.command, .list(of: .string, minimum: 1), isRequired: true,
                "The program and its arguments, each a word of its own; no shell reads them.",
                example: "[/usr/local/bin/backup, --all]"),
            Field(
                "environment", \.environment, environment, defaultText: "{}",
                "Variables that the command finds, `PATH` and cron's `MAILTO` among them.",
                example: "{MAILTO: ops@example.com}"),
        ])
}

extension CronJob {
    /// As crontabs can hold them: no quotes and no blanks around a value.
    private static let environment = FieldType<[String: String]>.map(of: .scalar)
        .checked("map of scalar") { variables in
            for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
                if !isVariable(name) { return "has no variable's name in `\(name)`" }
                if name == "SHELL" {
                    return "can't have `SHELL`: begin the command with a shell, "
                        + "as in `[bash, -c, TEXT]`"
                }
                let isPlain = value.unicodeScalars.allSatisfy {
                    $0.value >= 0x20 && $0.value != 0x7F
                }
                let ends = [value.first, value.last].compactMap(\.self)
                guard isPlain, !ends.contains(where: { " \"'\\".contains($0) }) else {
                    return "must not have line breaks in `\(name)`, nor blanks, quotes or "
                        + "backslashes at its ends"
                }
            }
            return nil
        }

    static func isVariable(_ name: String) -> Bool {
        !name.isEmpty && !(name.utf8.first.map { (0x30...0x39).contains($0) } ?? false)
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x5F
            }
    }
}

extension FieldType where Value == String {
    /// A user by name: cron knows no numbers.
    fileprivate static var userName: FieldType {
        account("user").checked("user", pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$") { text in
            text.utf8.allSatisfy { (0x30...0x39).contains($0) }
                ? "must be a user's name: cron knows no numbers" : nil
        }
    }
}
