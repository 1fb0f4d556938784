import Diagnostics

/// What a script prints, as it comes in: all of its output, the end of its errors.
struct OutputBuffer {
    private(set) var output: [UInt8] = []
    private var errors: [UInt8] = []
    private var total = 0
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
    mutating func takeLine(beginningWith marker: [UInt8], searched: inout Int) -> [UInt8]? {
        while let end = output[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            let start = searched
            searched = end + 1
            guard output[start..<end].starts(with: marker) else { continue }
            let taken = Array(output[...end])
            output.removeSubrange(...end)
            searched = 0
            total = output.count
            return taken
        }
        return nil
    }

    private var tooMuch: Failure {
        let size = limit < 1 << 20 ? "\(limit) bytes" : "\(limit >> 20) MB"
        return .stalled(.init("\(label): more than \(size) of output"))
    }
}
