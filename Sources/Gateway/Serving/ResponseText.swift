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
    private let connection: String?

    /// - Parameters:
    ///   - reply: the answer.
    ///   - date: what the `Date` header says.
    ///   - isHead: whether the body is only spoken of.
    ///   - connection: what the `Connection` header says; nil for none.
    init(_ reply: Reply, date: String, isHead: Bool, connection: String?) {
        self.reply = reply
        self.date = date
        self.isHead = isHead
        self.connection = connection
    }

    /// The status line, the headers and the body.
    func buffer(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        let hasBody = reply.status != 204 && reply.status != 304
        var buffer = allocator.buffer(capacity: 512 + (hasBody && !isHead ? reply.body.count : 0))
        let status = HTTPResponseStatus(statusCode: reply.status)
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(reply.status))
        buffer.writeStaticString(" ")
        buffer.writeString(status.reasonPhrase)
        buffer.writeStaticString("\r\n")
        for (name, value) in reply.headers { Self.write(name.rawName, value, to: &buffer) }
        if hasBody {
            Self.write("Content-Type", reply.contentType, to: &buffer)
            Self.write("Content-Length", String(reply.body.count), to: &buffer)
        }
        Self.write("Date", date, to: &buffer)
        Self.write("Server", "stead", to: &buffer)
        if let connection { Self.write("Connection", connection, to: &buffer) }
        buffer.writeStaticString("\r\n")
        if hasBody, !isHead { buffer.writeBytes(reply.body) }
        return buffer
    }

    /// A value that would begin a header of its own is left out.
    private static func write(_ name: String, _ value: String, to buffer: inout ByteBuffer) {
        guard value.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) else { return }
        buffer.writeString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
    }
}
