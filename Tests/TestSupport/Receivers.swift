import Foundation
import Glibc
import Synchronization

/// A connection as lines and counted bytes.
private final class Conversation {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// False when the other side has closed.
    private func fill() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return false }
        buffer += bytes[..<count]
        return true
    }

    func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(...end)
                return line.hasSuffix("\r") ? String(line.dropLast()) : line
            }
            guard fill() else { return nil }
        }
    }

    func bytes(_ count: Int) -> [UInt8]? {
        while buffer.count < count { guard fill() else { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}

/// Takes requests by HTTP, and keeps them.
package final class HTTPReceiver: Sendable {
    /// What was asked, with names of headers in lower case.
    package struct Request: Sendable {
        package var headers: [String: String] = [:]
        package var body = ""
    }

    private let listener: LoopbackListener
    private let kept: Kept<Request>

    /// - Throws: when the port is not to be had.
    package init(port: Int = 0, status: Int = 200) throws {
        let (listener, kept) = (try LoopbackListener(port: port), Kept<Request>())
        (self.listener, self.kept) = (listener, kept)
        listener.serve { descriptor in
            let conversation = Conversation(descriptor)
            while conversation.line() != nil {
                var request = Request()
                while let line = conversation.line(), !line.isEmpty {
                    guard let colon = line.firstIndex(of: ":") else { continue }
                    request.headers[line[..<colon].lowercased()] =
                        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                }
                let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
                guard let body = conversation.bytes(length) else { return }
                request.body = String(decoding: body, as: UTF8.self)
                kept.add(request)
                conversation.say("HTTP/1.1 \(status) So\r\nContent-Length: 0\r\n\r\n")
            }
        }
    }

    package var port: Int { listener.port }
    package var requests: [Request] { kept.all }
}

/// Takes mail by SMTP, and keeps it. Source: RFC 5321.
package final class MailReceiver: Sendable {
    private let listener: LoopbackListener
    private let kept = Kept<String>()

    /// - Throws: when no port is to be had.
    package init() throws {
        listener = try LoopbackListener()
        let kept = kept
        listener.serve { descriptor in
            let conversation = Conversation(descriptor)
            var mail = ""
            conversation.say("220 here ESMTP\r\n")
            while let line = conversation.line() {
                let verb = line.prefix(4).uppercased()
                if verb == "QUIT" { return conversation.say("221 bye\r\n") }
                if verb == "EHLO" {
                    conversation.say("250-here\r\n250 AUTH PLAIN\r\n")
                } else if verb == "DATA" {
                    conversation.say("354 go on\r\n")
                    while let line = conversation.line(), line != "." { mail += line + "\n" }
                    kept.add(mail)
                    conversation.say("250 taken\r\n")
                } else if verb == "AUTH" {
                    conversation.say("334 \r\n")
                    mail += line + " " + (conversation.line() ?? "") + "\n"
                    conversation.say("235 welcome\r\n")
                } else {
                    mail += line + "\n"
                    conversation.say("250 so be it\r\n")
                }
            }
        }
    }

    package var port: Int { listener.port }
    /// What was said from MAIL on, and the mail.
    package var mails: [String] { kept.all }
}

/// Takes syslog messages with their lengths before them, and keeps them. Source: RFC 6587, 3.4.1.
package final class SyslogReceiver: Sendable {
    private let listener: LoopbackListener
    private let kept = Kept<String>()

    /// - Throws: when the port is not to be had.
    package init(port: Int = 0) throws {
        listener = try LoopbackListener(port: port)
        let kept = kept
        listener.serve { descriptor in
            let conversation = Conversation(descriptor)
            while true {
                var digits = ""
                while let byte = conversation.bytes(1)?.first, byte != 0x20 {
                    digits.unicodeScalars.append(Unicode.Scalar(byte))
                }
                guard let length = Int(digits), let bytes = conversation.bytes(length) else {
                    return
                }
                kept.add(String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    package var port: Int { listener.port }
    package var messages: [String] { kept.all }
}

/// What has come so far.
private final class Kept<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    func add(_ element: Element) { elements.withLock { $0.append(element) } }

    var all: [Element] { elements.withLock { $0 } }
}
