internal import Diagnostics
internal import Expressions
internal import Resources
internal import Secrets
internal import Storage

/// One who is told: of what, under which name, and how.
extension Settings.NotifyTarget {
    /// What the state calls it: the same as long as it is the same place.
    var identity: String {
        let text =
            (webhook.map { "webhook \($0.identity)" } ?? slack.map { "slack \($0.identity)" })
            ?? "email \(email?.smtp ?? "") \(email?.to.joined(separator: ",") ?? "")"
        return String(Digest(of: text).hexadecimal.prefix(32))
    }

    /// For people.
    var label: String {
        (webhook.map { "webhook \($0.label)" } ?? slack.map { "slack \($0.label)" })
            ?? "email \(email?.to.joined(separator: ", ") ?? "")"
    }

    /// Whether it is to be told.
    func wants(_ notice: Notice) -> Bool {
        let isWantedEvent = events.isEmpty || events.contains { $0.rawValue == notice.event }
        let isIncluded = include.isEmpty || include.contains { Glob($0).matches(notice.subject) }
        return isWantedEvent && isIncluded
            && !exclude.contains { Glob($0).matches(notice.subject) }
    }

    /// The notice, ready to be sent at a time in seconds since 1970.
    ///
    /// - Throws: `stalled` when a file that holds a secret can't be read.
    func transfer(of notice: Notice, at seconds: Int) throws(Failure) -> Transfer {
        if let email { return try mail(notice, to: email) }
        let body = webhook == nil ? notice.slack : notice.json
        let signature = Signature(id: notice.id, timestamp: seconds, secretFile: secretFile)
        let headers = webhook == nil ? [] : try signature.headers(of: body)
        guard let address = webhook ?? slack else {
            throw .stalled(.init("settings name no place to tell"))
        }
        return Transfer(
            url: try address.resolved(), body: body, caFile: caFile,
            manner: .post(headers: ["Content-Type: application/json"] + headers))
    }

    private func mail(_ notice: Notice, to mail: Settings.Mail) throws(Failure) -> Transfer {
        let password: String? =
            if let file = mail.passwordFile { try SecretFile(file).line() } else { nil }
        let envelope = Transfer.Envelope(
            sender: "<\(mail.from)>", recipients: mail.to.map { "<\($0)>" },
            user: mail.user ?? mail.from, password: password,
            requiresTLS: !Self.isOnThisMachine(mail.smtp))
        return Transfer(
            url: mail.smtp, body: notice.mail(from: mail.from, to: mail.to), caFile: caFile,
            manner: .mail(envelope))
    }

    /// A server on this machine is reached without a wire to listen on.
    private static func isOnThisMachine(_ url: String) -> Bool {
        ["localhost", "127.0.0.1", "[::1]"].contains { url.hasPrefix("smtp://\($0):") }
    }
}
