import Glibc
import Synchronization

/// A line a request, as JSON; gathered, and written a few times a second.
final class AccessLog: Sendable {
    /// Lines that have gathered, and room for those of the next time: growing it anew would have a
    /// request wait.
    private struct Lines {
        var pending: [UInt8] = []
        var spare: [UInt8] = []
    }

    private let lines = Mutex(Lines())
    private let descriptor: Int32?
    private static let limit = 8 << 20
    private static let spareLimit = 2 << 20

    /// - Parameter descriptor: where it goes; nil for nowhere.
    init(descriptor: Int32?) {
        self.descriptor = descriptor
    }

    /// One request, as it ended.
    struct Entry {
        var app: String
        var method: String
        var path: Substring
        var status: Int
        var bytes: Int
        var nanoseconds: Int
        var address: String
        var subject: String?
        var trace: String
        var detail: String?
    }

    func add(_ entry: Entry) {
        guard descriptor != nil else { return }
        var line = JSONText()
        line.raw("{\"at\":")
        line.string(DateText.text(Clock.milliseconds) + "Z")
        line.name("app")
        line.string(entry.app)
        line.name("method")
        line.string(entry.method)
        // Without the query, which may hold what is nobody's business.
        line.name("path")
        line.string(String(entry.path))
        line.name("status")
        line.integer(entry.status)
        line.name("bytes")
        line.integer(entry.bytes)
        line.name("us")
        line.integer(entry.nanoseconds / 1000)
        line.name("address")
        line.string(entry.address)
        if let subject = entry.subject {
            line.name("user")
            line.string(subject)
        }
        line.name("trace_id")
        line.string(entry.trace)
        if let detail = entry.detail {
            line.name("detail")
            line.string(detail)
        }
        line.raw("}\n")
        lines.withLock { lines in
            // Where nobody takes the lines, they are not kept for ever.
            if lines.pending.count < Self.limit { lines.pending += line.bytes }
        }
    }

    /// Writes what has gathered.
    func flush() {
        guard let descriptor else { return }
        var bytes = lines.withLock { lines in
            defer {
                lines.pending = lines.spare
                lines.spare = []
            }
            return lines.pending
        }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            guard count > 0 else { break }
            written += count
        }
        guard bytes.capacity < Self.spareLimit else { return }
        bytes.removeAll(keepingCapacity: true)
        lines.withLock { $0.spare = bytes }
    }
}
