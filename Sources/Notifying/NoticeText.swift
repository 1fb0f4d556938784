internal import FoundationEssentials
internal import Glibc
internal import Resources
internal import Storage

/// A notice, as each sort of receiver reads it.
extension Notice {
    private struct Body: Encodable {
        var id: String
        var event: String
        var subject: String
        var message: String
        var revision: String
        var at: String
    }

    /// For a webhook: one JSON object.
    var json: [UInt8] {
        let body = Body(
            id: id, event: event, subject: subject, message: message, revision: revision,
            at: Timestamp.iso8601(milliseconds: at * 1000))
        return (try? CanonicalJSON.encode(body)) ?? []
    }

    /// For Slack: `{"text": …}`. Source: api.slack.com/reference/surfaces/formatting, on escaping.
    var slack: [UInt8] {
        let escaped = sentence.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
        return (try? CanonicalJSON.encode(["text": "\(escaped) (\(revision.prefix(10)))"])) ?? []
    }

    private var sentence: String { "\(event): \(subject): \(message)" }

    /// For mail: headers and text. Source: RFC 5322; RFC 2047 for the subject.
    func mail(from sender: String, to recipients: [String]) -> [UInt8] {
        let text = """
            \(sentence)

            event:    \(event)
            subject:  \(subject)
            commit:   \(revision)
            at:       \(Timestamp.iso8601(milliseconds: at * 1000))
            """
        let body = Data(text.utf8).base64EncodedString(options: [.lineLength76Characters])
        let lines = [
            "From: <\(sender)>", "To: " + recipients.map { "<\($0)>" }.joined(separator: ", "),
            "Subject: \(Self.headerText("stead: \(event) \(subject)"))", "Date: \(Self.date(at))",
            "Message-ID: <\(id)@stead.invalid>", "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64", "", body, "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// A line of printable ASCII as it is, anything else as one encoded word.
    private static func headerText(_ text: String) -> String {
        let short = String(text.prefix(60))
        guard !short.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return short }
        return "=?utf-8?B?\(Data(short.prefix(30).utf8).base64EncodedString())?="
    }

    private static func date(_ seconds: Int) -> String {
        var (time, parts) = (time_t(seconds), tm())
        gmtime_r(&time, &parts)
        var text = [CChar](repeating: 0, count: 64)
        let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S +0000", &parts)
        return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
