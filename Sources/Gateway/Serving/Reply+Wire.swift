import HTTPTypes
import NIOCore
import NIOHTTP1

extension Reply {
    /// The answer as it goes over a connection: the status line, the headers and the body.
    ///
    /// - Parameters:
    ///   - date: what the `Date` header says.
    ///   - isHead: whether the body is only spoken of.
    ///   - connection: what the `Connection` header says; nil for none.
    /// - Returns: all of it.
    ///
    /// Source: RFC 9112, section 4.
    func wire(date: String, isHead: Bool, connection: StaticString?) -> ByteBuffer {
        let hasBody = status != 204 && status != 304
        let head = head(date: date, connection: connection, hasBody: hasBody)
        let isWhole = hasBody && !isHead
        var buffer = ByteBufferAllocator()
            .buffer(capacity: head.count + (isWhole ? body.count : 0))
        head.bytes.withUnsafeBytes { _ = buffer.writeBytes($0) }
        if isWhole { body.withUnsafeBytes { _ = buffer.writeBytes($0) } }
        return buffer
    }

    private func head(date: String, connection: StaticString?, hasBody: Bool) -> WireText {
        var text = WireText(capacity: 512)
        text.raw("HTTP/1.1 ")
        text.integer(status)
        text.raw(" ")
        text.raw(string: HTTPResponseStatus(statusCode: status).reasonPhrase)
        text.raw("\r\n")
        for (name, value) in headers { text.header(name.rawName, value) }
        if let version {
            text.raw("ETag: \"")
            text.hexadecimal(version)
            text.raw("\"\r\n")
        }
        if let trace {
            text.raw("X-Trace-Id: ")
            text.raw(string: trace)
            text.raw("\r\nServer-Timing: app;dur=")
            text.milliseconds(nanoseconds.app)
            text.raw(", total;dur=")
            text.milliseconds(nanoseconds.total)
            text.raw("\r\n")
        }
        if hasBody {
            text.raw("Content-Type: ")
            text.raw(string: contentType)
            text.raw("\r\nContent-Length: ")
            text.integer(body.count)
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
