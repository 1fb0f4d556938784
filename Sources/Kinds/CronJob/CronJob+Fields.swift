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
                "schedule", \.schedule, .schedule, isRequired: true,
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
        ])
}

extension FieldType where Value == String {
    /// An IANA timezone's name.
    ///
    /// Source: theory.html of the tz database, "Names of timezones".
    fileprivate static var timezone: FieldType {
        string.checked(
            "timezone", pattern: "^[A-Za-z][A-Za-z0-9+_-]*(/[A-Za-z0-9+_-]+){0,2}$"
        ) { text in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            let isValid =
                parts.count <= 3 && text.utf8.count <= 64 && text.first?.isLetter == true
                && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isTimezoneCharacter) }
            return isValid ? nil : "must be a timezone's name, such as `Europe/Paris`"
        }
    }

    private static func isTimezoneCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// A user by name: cron knows no numbers.
    fileprivate static var userName: FieldType {
        account("user").checked("user", pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$") { text in
            text.utf8.allSatisfy { (0x30...0x39).contains($0) }
                ? "must be a user's name: cron knows no numbers" : nil
        }
    }
}
