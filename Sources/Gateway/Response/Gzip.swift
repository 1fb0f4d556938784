import CZlib
import HTTPTypes

/// Compresses bodies.
///
/// Source: RFC 1952; zlib.net/manual.html.
enum Gzip {
    /// From this many bytes on it is worth it.
    static let floor = 1024

    /// Whether a caller takes gzip.
    ///
    /// Source: RFC 9110, section 12.5.3.
    static func isAccepted(_ header: String?) -> Bool {
        var weights: [String: Double] = [:]
        for part in (header ?? "").lowercased().split(separator: ",") {
            let words = part.split(separator: ";").map { $0.filter { $0 != " " } }
            let weight = words.dropFirst().first { $0.hasPrefix("q=") }
            weights[words.first ?? ""] = weight.flatMap { Double($0.dropFirst(2)) } ?? 1
        }
        // What is said of gzip itself goes before what is said of all.
        return weights["gzip"] ?? weights["*"] ?? 0 > 0
    }

    /// The bytes in gzip's format; nil when zlib is out of memory.
    static func compressed(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var stream = z_stream()
        // 15 bits of window, and 16 for gzip's own head; the fastest level: rows repeat themselves.
        let status = deflateInit2_(
            &stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        var isWhole = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            bytes.withUnsafeBufferPointer { input in
                // zlib reads the input through a pointer that it doesn't call constant.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(bound)
                isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = bound - Int(stream.avail_out)
            }
        }
        return isWhole ? output : nil
    }
}

extension Reply {
    /// Packs the body, where that makes it smaller and the caller takes it.
    mutating func compress(for request: IncomingRequest) {
        // A 304 says what its 200 would, whatever size that was of.
        guard body.count >= Gzip.floor || status == 304 else { return }
        headers.append((.vary, "Accept-Encoding"))
        guard Gzip.isAccepted(request.headers[.acceptEncoding]),
            let smaller = Gzip.compressed(body), smaller.count < body.count
        else { return }
        body = smaller[...]
        headers.append((.contentEncoding, "gzip"))
    }
}
