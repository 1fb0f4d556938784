import Glibc
import Synchronization

/// A line a request, as JSON; gathered by each thread for itself, and written a few times a second.
final class AccessLog: Sendable {
    /// The lines of one thread.
    final class Lane: Sendable {
        fileprivate let lines: Mutex<Lines>?

        fileprivate init(_ lines: Lines?) {
            self.lines = lines.map { Mutex($0) }
        }

        func add(_ entry: Entry) {
            lines?.withLock { $0.add(entry, at: Clock.milliseconds) }
        }
    }

    /// Lines that have gathered, in pieces of about one size: to grow one would have requests wait.
    fileprivate struct Lines {
        private var current = WireText(capacity: AccessLog.pieceSize)
        private var full: [WireText] = []
        private var spare: [WireText] = []
        /// How many pieces may wait, and how many are kept for those to come.
        private let limit: Int
        private let spareLimit: Int

        /// - Parameter threads: how many share what all may have.
        init(threads: Int) {
            limit = max(AccessLog.pieceLimit / threads, 4)
            spareLimit = max(AccessLog.spareLimit / threads, 2)
        }

        mutating func add(_ entry: Entry, at moment: Int) {
            if current.count > AccessLog.pieceSize - AccessLog.usualLineSize {
                // Where nobody takes the lines, they are not kept for ever.
                guard full.count < limit else { return }
                full.append(current)
                current = spare.popLast() ?? WireText(capacity: AccessLog.pieceSize)
            }
            entry.write(at: moment, to: &current)
        }

        mutating func take() -> [WireText] {
            let taken = full + [current]
            full.removeAll(keepingCapacity: true)
            current = spare.popLast() ?? WireText(capacity: AccessLog.pieceSize)
            return taken
        }

        mutating func giveBack(_ piece: WireText) {
            // One that a long line has grown goes.
            guard spare.count < spareLimit, piece.count <= AccessLog.pieceSize else { return }
            var piece = piece
            piece.removeAll()
            spare.append(piece)
        }
    }

    let lanes: [Lane]
    private let descriptor: Int32?

    /// How many bytes are written at once.
    private static let pieceSize = 64 << 10
    /// Of these few lines are longer.
    private static let usualLineSize = 1 << 10
    /// How many pieces may wait in all, and how many are kept for those to come.
    private static let pieceLimit = 128
    private static let spareLimit = 32

    /// - Parameters:
    ///   - descriptor: where it goes; nil for nowhere.
    ///   - threads: how many threads have lines.
    init(descriptor: Int32?, threads: Int) {
        self.descriptor = descriptor
        lanes = (0..<threads).map { _ in
            Lane(descriptor == nil ? nil : Lines(threads: threads))
        }
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

        fileprivate func write(at moment: Int, to text: inout WireText) {
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
        }
    }

    /// Writes what has gathered, thread by thread.
    func flush() {
        guard let descriptor else { return }
        for lane in lanes {
            for piece in lane.lines?.withLock({ $0.take() }) ?? [] {
                Self.write(piece.bytes, to: descriptor)
                lane.lines?.withLock { $0.giveBack(piece) }
            }
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
    }
}
