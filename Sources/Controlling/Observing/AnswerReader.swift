import Diagnostics

/// Walks through a host's output: lines that begin with a marker, and what stands between them.
struct AnswerReader {
    private let bytes: [UInt8]
    private let marker: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8], marker: [UInt8]) {
        self.bytes = bytes
        self.marker = marker
    }

    /// The rest of the next line that begins with the marker; other lines are passed over. Nil at
    /// the end, and for a last line without its line break.
    mutating func nextLine() -> String? {
        while position < bytes.count {
            guard let end = lineEnd(from: position) else { return nil }
            defer { position = end + 1 }
            if starts(at: position) {
                return String(
                    decoding: bytes[(position + marker.count)..<end].drop { $0 == 0x20 },
                    as: UTF8.self)
            }
        }
        return nil
    }

    /// Everything up to a line break and a line that begins with the marker.
    mutating func blob() throws(Failure) -> [UInt8] {
        try blobAndClosing().blob
    }

    /// The same, with the rest of the closing line.
    mutating func blobAndClosing() throws(Failure) -> (blob: [UInt8], closing: String) {
        let start = position
        var candidate = start
        while let lineBreak = lineEnd(from: candidate) {
            if starts(at: lineBreak + 1), let end = lineEnd(from: lineBreak + 1) {
                position = lineBreak + 1
                guard let closing = nextLine() else { break }
                position = end + 1
                return (Array(bytes[start..<lineBreak]), closing)
            }
            candidate = lineBreak + 1
        }
        throw .transient(.init("the host's answer is cut short"))
    }

    private func lineEnd(from start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        return bytes[start...].firstIndex(of: 0x0A)
    }

    private func starts(at index: Int) -> Bool {
        index + marker.count <= bytes.count
            && bytes[index..<(index + marker.count)].elementsEqual(marker)
    }
}

extension String {
    /// The text up to the first blank, and what follows it.
    func splitWord() -> (word: String, rest: String) {
        guard let blank = utf8.firstIndex(of: 0x20) else { return (self, "") }
        return (String(self[..<blank]), String(self[index(after: blank)...]))
    }
}
