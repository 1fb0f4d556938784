import Diagnostics
import Glibc

/// What a script prints, as it comes in: all of its output, the end of its errors.
struct OutputBuffer {
    private(set) var output: [UInt8] = []
    private var errors: [UInt8] = []
    private var total = 0
    /// Where the line begins that has not been compared with a marker yet.
    private var lineStart = 0
    /// Before here there is no line break after `lineStart`.
    private var searched = 0
    /// How many bytes may come in all.
    var limit: Int
    private let label: String

    /// How much of the errors is kept.
    private static let errorBytes = 64 << 10

    /// - Parameters:
    ///   - limit: how many bytes may come in all.
    ///   - label: the host, for messages.
    init(limit: Int, label: String) {
        self.limit = limit
        self.label = label
    }

    /// The end of what came on standard error.
    var errorOutput: [UInt8] { errors.suffix(Self.errorBytes) }

    /// - Throws: `stalled` when more has come than allowed.
    mutating func append(_ bytes: some Collection<UInt8>, isError: Bool) throws(Failure) {
        total += bytes.count
        guard total <= limit else { throw tooMuch }
        guard isError else {
            output.append(contentsOf: bytes)
            return
        }
        errors.append(contentsOf: bytes)
        if errors.count > 2 * Self.errorBytes { errors = errors.suffix(Self.errorBytes) }
    }

    /// Takes the output out, up to the end of the first line that begins with `marker`; nil while
    /// there is none. What follows stays for the next time.
    mutating func takeLine(beginningWith marker: [UInt8]) -> [UInt8]? {
        while let end = nextLineBreak() {
            let line = output[lineStart..<end]
            lineStart = end + 1
            guard line.starts(with: marker) else { continue }
            let taken = Array(output[...end])
            output.removeSubrange(...end)
            (lineStart, searched, total) = (0, 0, output.count)
            return taken
        }
        return nil
    }

    /// Looks at every byte once, however many pieces a line comes in.
    private mutating func nextLineBreak() -> Int? {
        let offset = output[searched...].withUnsafeBytes { bytes -> Int? in
            guard let start = bytes.baseAddress else { return nil }
            return memchr(start, 0x0A, bytes.count).map { UnsafeRawPointer($0) - start }
        }
        guard let offset else {
            searched = output.count
            return nil
        }
        defer { searched += offset + 1 }
        return searched + offset
    }

    private var tooMuch: Failure {
        let size = limit < 1 << 20 ? "\(limit) bytes" : "\(limit >> 20) MB"
        return .stalled(.init("\(label): more than \(size) of output"))
    }
}
