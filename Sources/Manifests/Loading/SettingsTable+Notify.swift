import Resources
import YAML

/// Who is told of what happens, and where the audit log is taken.
extension SettingsTable {
    private struct AddressFile: Sendable {
        var urlFile = ""
    }

    private static let addressFile = FieldTable<AddressFile>(
        from: { .init() },
        [
            Field(
                "urlFile", \.urlFile, .path, isRequired: true,
                "A file on the controller's machine that holds the URL, in one line.",
                example: "/etc/stead/slack-url")
        ])

    private static let url = FieldType<String>.string.checked("URL", pattern: "^https?://") {
        $0.hasPrefix("https://") || $0.hasPrefix("http://")
            ? nil : "must be a URL that begins with `https://`"
    }

    private static let webAddress: FieldType<Settings.WebAddress> = {
        let plain = url.map { Settings.WebAddress.url($0) }
        let file = FieldType<AddressFile>.record(addressFile) { .init() }
            .map { Settings.WebAddress.file($0.urlFile) }
        return FieldType("URL | {urlFile}", .oneOf([plain.schema, file.schema])) { node, reader in
            if case .mapping = node.value { return file.read(node, &reader) }
            return plain.read(node, &reader)
        }
    }()

    private static let mailAddress = FieldType<String>.string.checked(
        "mail address", pattern: "^[^@<> ]+@[^@<> ]+$"
    ) { text in
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = !text.contains { " <>,;\"\\".contains($0) }
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && isPlain
            ? nil : "must be a mail address alone, such as `ops@example.com`"
    }

    private static let mail = FieldTable<Settings.Mail>(
        from: { .init() },
        [
            Field(
                "to", \.to, .list(of: mailAddress, minimum: 1), isRequired: true,
                "Who gets the mail.", example: "[ops@example.com]"),
            Field(
                "from", \.from, mailAddress, isRequired: true, "Whose mail it is.",
                example: "stead@example.com"),
            Field(
                "smtp", \.smtp,
                .string.checked("SMTP server", pattern: "^smtps?://") {
                    hasPlace($0, after: ["smtp", "smtps"])
                        ? nil : "must be `smtp://HOST:PORT` or `smtps://HOST:PORT`"
                }, isRequired: true,
                "The server that takes it: `smtps` is TLS from the first byte, `smtp` changes to "
                    + "TLS, which only a server on this machine need not offer.",
                example: "\"smtps://mail.example.com:465\""),
            Field(
                "user", \.user, .string, "Who signs in; `from` when it is left out.",
                example: "stead"),
            Field(
                "passwordFile", \.passwordFile, .path,
                "A file on the controller's machine that holds the password, in one line.",
                example: "/etc/stead/mail-password"),
        ])

    private static let secretFile =
        "A file on the controller's machine that holds what messages are signed with, in one line."
    private static let caFile =
        "A file on the controller's machine with the certificates to trust, and no others."

    private static let notifyTable = FieldTable<Settings.NotifyTarget>(
        from: { .init() },
        [
            Field(
                "webhook", \.webhook, webAddress, "An address that takes a JSON object.",
                example: "\"https://hooks.example.com/stead\""),
            Field(
                "slack", \.slack, webAddress,
                "An incoming webhook of Slack, or of what understands the same.",
                example: "{urlFile: /etc/stead/slack-url}"),
            Field(
                "email", \.email, .record(mail) { .init() }, "A mail for each message.",
                example: "{to: [ops@example.com], from: stead@example.com, "
                    + "smtp: \"smtp://localhost:25\"}"),
            Field(
                "secretFile", \.secretFile, .path, secretFile, example: "/etc/stead/hook-secret"),
            Field("caFile", \.caFile, .path, caFile, example: "/etc/stead/ca.pem"),
            Field(
                "include", \.include, .list(of: .string), defaultText: "[]",
                "Subjects to tell of; `*` stands for any characters, no pattern for all.",
                example: "[\"nginx-site/*\", source]"),
            Field(
                "exclude", \.exclude, .list(of: .string), defaultText: "[]",
                "Subjects not to tell of, whatever `include` says.", example: "[\"file/lab-*\"]"),
            Field(
                "events", \.events, .list(of: .enumeration), defaultText: "[]",
                "What to tell of; none stands for all.", example: "[stalled, hostKey]"),
        ])

    static let notifyTarget = FieldType<Settings.NotifyTarget>.record(notifyTable) { .init() }
        .checked("mapping") { target in
            let channels = [target.webhook != nil, target.slack != nil, target.email != nil]
            if channels.count(where: \.self) != 1 {
                return "must have one of `webhook`, `slack` and `email`"
            }
            return target.secretFile != nil && target.webhook == nil
                ? "has a `secretFile`, which only a `webhook` is signed with" : nil
        }

    private static let forward = FieldTable<Settings.Forward>(
        from: { .init() },
        [
            Field(
                "syslog", \.syslog,
                .string.checked("syslog receiver", pattern: "^(tcp|tls)://") {
                    hasPlace($0, after: ["tcp", "tls"])
                        ? nil : "must be `tcp://HOST:PORT` or `tls://HOST:PORT`"
                },
                "A receiver of RFC 5424 messages, with their lengths before them (RFC 6587).",
                example: "\"tls://logs.example.com:6514\""),
            Field(
                "webhook", \.webhook, webAddress, "An address that takes JSON lines.",
                example: "\"https://logs.example.com/stead\""),
            Field(
                "secretFile", \.secretFile, .path, secretFile, example: "/etc/stead/hook-secret"),
            Field("caFile", \.caFile, .path, caFile, example: "/etc/stead/ca.pem"),
        ])

    static let audit = FieldTable<Settings.Audit>(
        from: { .init() },
        [
            Field(
                "forward", \.forward,
                .record(forward) { .init() }.checked("mapping") {
                    ($0.syslog == nil) == ($0.webhook == nil)
                        ? "must have one of `syslog` and `webhook`" : nil
                },
                "Where every entry is taken as it is written.",
                example: "{syslog: \"tls://logs.example.com:6514\"}")
        ])

    /// Whether a text is one of the schemes, a host and a port, and nothing else.
    private static func hasPlace(_ text: String, after schemes: [String]) -> Bool {
        for scheme in schemes where text.hasPrefix("\(scheme)://") {
            let place = text.dropFirst(scheme.utf8.count + 3)
            guard let colon = place.lastIndex(of: ":"),
                let port = Int(place[place.index(after: colon)...]), (1...65535).contains(port)
            else { return false }
            let host = place[..<colon]
            return !host.isEmpty
                && host.allSatisfy { $0.isLetter || $0.isNumber || ".-:[]_".contains($0) }
        }
        return false
    }
}
