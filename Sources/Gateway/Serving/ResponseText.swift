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
        let reason = HTTPResponseStatus(statusCode: reply.status).reasonPhrase
        let body = hasBody && !isHead ? reply.body : []
        // What is not counted are words that stand below, of less than 200 bytes.
        var room = 200 + reason.utf8.count + reply.contentType.utf8.count + body.count
        room += date.utf8.count + (connection?.utf8.count ?? 0)
        for (name, value) in reply.headers {
            room += name.rawName.utf8.count + value.utf8.count + 4
        }
        var buffer = allocator.buffer(capacity: room)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { room in
            var pieces = Pieces(room)
            pieces.put("HTTP/1.1 ")
            pieces.put(String(reply.status))
            pieces.put(" ")
            pieces.put(reason)
            pieces.put("\r\n")
            for (name, value) in reply.headers { pieces.put(name.rawName, value) }
            if hasBody {
                pieces.put("Content-Type", reply.contentType)
                pieces.put("Content-Length", String(reply.body.count))
            }
            pieces.put("Date", date)
            pieces.put("Server", "stead")
            if let connection { pieces.put("Connection", connection) }
            pieces.put("\r\n")
            body.withUnsafeBytes { pieces.put($0) }
            return pieces.count
        }
        return buffer
    }

    /// Writes one piece behind the other; ends the process where there is no room.
    private struct Pieces {
        private let room: UnsafeMutableRawBufferPointer
        private(set) var count = 0

        init(_ room: UnsafeMutableRawBufferPointer) {
            self.room = room
        }

        mutating func put(_ bytes: UnsafeRawBufferPointer) {
            UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyMemory(from: bytes)
            count += bytes.count
        }

        mutating func put(_ text: String) {
            var text = text
            text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
        }

        /// A header; without one whose value would begin a header of its own.
        mutating func put(_ name: String, _ value: String) {
            let start = count
            put(name)
            put(": ")
            let valueStart = count
            put(value)
            guard room[valueStart..<count].allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) else {
                count = start
                return
            }
            put("\r\n")
        }
    }
}
