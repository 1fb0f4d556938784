import Glibc
import Synchronization

/// A line a request, as JSON; gathered, and written a few times a second.
final class AccessLog: Sendable {
    /// Lines that have gathered, and room for those of the next time: growing it anew would have a
    /// request wait.
    private struct Lines {
        var pending = WireText()
        var spare = WireText()
        /// A second since 1970, and how it is written.
        private var second = Int.min
        private var secondText = ""

        mutating func add(_ entry: Entry) {
            let now = Clock.milliseconds
            if now / 1000 != second {
                second = now / 1000
                secondText = String(DateText.text(second * 1000).dropLast(3))
            }
            pending.raw("{\"at\":\"")
            pending.raw(string: secondText)
            pending.padded(now % 1000, 3)
            pending.raw("Z\",\"app\":")
            pending.string(entry.app)
            pending.raw(",\"method\":")
            pending.string(entry.method)
            // Without the query, which may hold what is nobody's business.
            pending.raw(",\"path\":")
            pending.string(entry.path)
            pending.raw(",\"status\":")
            pending.integer(entry.status)
            pending.raw(",\"bytes\":")
            pending.integer(entry.bytes)
            pending.raw(",\"us\":")
            pending.integer(entry.nanoseconds / 1000)
            pending.raw(",\"address\":")
            pending.string(entry.address)
            if let subject = entry.subject {
                pending.raw(",\"user\":")
                pending.string(subject)
            }
            pending.raw(",\"trace_id\":")
            pending.string(entry.trace)
            if let detail = entry.detail {
                pending.raw(",\"detail\":")
                pending.string(detail)
            }
            pending.raw("}\n")
        }
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
        lines.withLock { lines in
            // Where nobody takes the lines, they are not kept for ever.
            if lines.pending.count < Self.limit { lines.add(entry) }
        }
    }

    /// Writes what has gathered.
    func flush() {
        guard let descriptor else { return }
        var taken = lines.withLock { lines in
            let taken = lines.pending
            lines.pending = lines.spare
            lines.spare = WireText(capacity: 0)
            return taken
        }
        Self.write(taken.bytes, to: descriptor)
        guard taken.capacity < Self.spareLimit else { return }
        taken.removeAll()
        lines.withLock { $0.spare = taken }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
    }
}
