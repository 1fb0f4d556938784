import Glibc
import Synchronization

/// A line a request, as JSON; gathered, and written a few times a second.
final class AccessLog: Sendable {
    /// Lines that have gathered, in pieces of one size: to grow one would have requests wait.
    private struct Lines {
        private var current = WireText(capacity: AccessLog.pieceSize)
        private var full: [WireText] = []
        private var spare: [WireText] = []

        mutating func add(_ line: ArraySlice<UInt8>) {
            if current.count + line.count > AccessLog.pieceSize {
                // Where nobody takes the lines, they are not kept for ever.
                guard full.count < AccessLog.pieceLimit else { return }
                full.append(current)
                current = spare.popLast() ?? WireText(capacity: AccessLog.pieceSize)
            }
            current.raw(line)
        }

        mutating func take() -> [WireText] {
            let taken = full + [current]
            full.removeAll(keepingCapacity: true)
            current = spare.popLast() ?? WireText(capacity: AccessLog.pieceSize)
            return taken
        }

        mutating func giveBack(_ piece: WireText) {
            if spare.count < AccessLog.spareLimit { spare.append(piece) }
        }
    }

    private let lines = Mutex(Lines())
    private let descriptor: Int32?

    /// How many bytes are written at once.
    private static let pieceSize = 64 << 10
    /// How many pieces may wait, and how many are kept for those to come.
    private static let pieceLimit = 128
    private static let spareLimit = 32

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

        fileprivate func line(at moment: Int) -> ArraySlice<UInt8> {
            var text = WireText(capacity: 384)
            text.raw("{\"at\":\"")
            DateText.write(moment, to: &text)
            text.raw("Z\",\"app\":")
            text.string(app)
            text.raw(",\"method\":")
            text.string(method)
            // Without the query, which may hold what is nobody's business.
            text.raw(",\"path\":")
            text.string(path)
            text.raw(",\"status\":")
            text.integer(status)
            text.raw(",\"bytes\":")
            text.integer(bytes)
            text.raw(",\"us\":")
            text.integer(nanoseconds / 1000)
            text.raw(",\"address\":")
            text.string(address)
            if let subject {
                text.raw(",\"user\":")
                text.string(subject)
            }
            text.raw(",\"trace_id\":")
            text.string(trace)
            if let detail {
                text.raw(",\"detail\":")
                text.string(detail)
            }
            text.raw("}\n")
            return text.bytes
        }
    }

    func add(_ entry: Entry) {
        guard descriptor != nil else { return }
        // Written before the others have to wait for it.
        let line = entry.line(at: Clock.milliseconds)
        lines.withLock { $0.add(line) }
    }

    /// Writes what has gathered.
    func flush() {
        guard let descriptor else { return }
        for var piece in lines.withLock({ $0.take() }) {
            Self.write(piece.bytes, to: descriptor)
            piece.removeAll()
            lines.withLock { $0.giveBack(piece) }
        }
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
