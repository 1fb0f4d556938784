internal import Glibc
internal import Storage

/// Entries as syslog messages. Source: RFC 5424, section 6; RFC 6587, section 3.4.1, and RFC 5425,
/// section 4.3, for the length before each.
enum SyslogText {
    /// Facility 13, the log audit, and severity 6, informational.
    private static let priority = 13 * 8 + 6

    static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, 255) == 0 else { return "-" }
        let bytes = name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        return bytes.isEmpty ? "-" : String(decoding: bytes, as: UTF8.self)
    }

    static func frame(_ entry: AuditEntry, from host: String) -> [UInt8] {
        let head = "<\(priority)>1 \(entry.at) \(host) stead - audit"
        let message = Array(
            "\(head) [meta sequenceId=\"\(entry.sequence)\"] \(entry.jsonLine)".utf8)
        return Array("\(message.count) ".utf8) + message
    }
}
