import HTTPTypes
import NIOCore
import NIOHTTP1

/// An answer as it goes over the connection.
///
/// Source: RFC 9112, section 4.
struct ResponseText {
    private let reply: Reply
    private let date: String
    private let isHead: Bool
    private let connection: StaticString?

    /// - Parameters:
    ///   - reply: the answer.
    ///   - date: what the `Date` header says.
    ///   - isHead: whether the body is only spoken of.
    ///   - connection: what the `Connection` header says; nil for none.
    init(_ reply: consuming Reply, date: String, isHead: Bool, connection: StaticString?) {
        self.reply = reply
        self.date = date
        self.isHead = isHead
        self.connection = connection
    }

    /// The status line, the headers and the body.
    func buffer(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        let hasBody = reply.status != 204 && reply.status != 304
        let head = head(hasBody: hasBody)
        let body = hasBody && !isHead ? reply.body : []
        var buffer = allocator.buffer(capacity: head.count + body.count)
        head.bytes.withUnsafeBytes { _ = buffer.writeBytes($0) }
        body.withUnsafeBytes { _ = buffer.writeBytes($0) }
        return buffer
    }

    private func head(hasBody: Bool) -> WireText {
        var text = WireText(capacity: 512)
        text.raw("HTTP/1.1 ")
        text.integer(reply.status)
        text.raw(" ")
        text.raw(string: HTTPResponseStatus(statusCode: reply.status).reasonPhrase)
        text.raw("\r\n")
        for (name, value) in reply.headers { text.header(name.rawName, value) }
        if let version = reply.version {
            text.raw("ETag: \"")
            text.hexadecimal(version)
            text.raw("\"\r\n")
        }
        if let trace = reply.trace {
            text.raw("X-Trace-Id: ")
            text.raw(string: trace)
            text.raw("\r\nServer-Timing: app;dur=")
            text.milliseconds(reply.nanoseconds.app)
            text.raw(", total;dur=")
            text.milliseconds(reply.nanoseconds.total)
            text.raw("\r\n")
        }
        if hasBody {
            text.raw("Content-Type: ")
            text.raw(string: reply.contentType)
            text.raw("\r\nContent-Length: ")
            text.integer(reply.body.count)
            text.raw("\r\n")
        }
        text.raw("Date: ")
        text.raw(string: date)
        text.raw("\r\nServer: stead\r\n")
        if let connection {
            text.raw("Connection: ")
            text.raw(connection)
            text.raw("\r\n")
        }
        text.raw("\r\n")
        return text
    }
}

extension WireText {
    /// A header; none whose value would begin a header of its own.
    fileprivate mutating func header(_ name: String, _ value: String) {
        guard value.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) else { return }
        raw(string: name)
        raw(": ")
        raw(string: value)
        raw("\r\n")
    }

    /// Milliseconds, with three digits after the point.
    fileprivate mutating func milliseconds(_ nanoseconds: Int) {
        integer(nanoseconds / 1_000_000)
        raw(".")
        padded(nanoseconds / 1000 % 1000, 3)
    }
}
