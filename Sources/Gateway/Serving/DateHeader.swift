import Glibc
import Synchronization

/// The time for the `Date` header, written once a second.
///
/// Source: RFC 9110, section 5.6.7.
final class DateHeader: Sendable {
    private let last = Mutex((seconds: 0, text: ""))

    /// - Parameter seconds: since 1970.
    /// - Returns: as in `Sun, 06 Nov 1994 08:49:37 GMT`.
    func text(at seconds: Int) -> String {
        last.withLock { last in
            if last.seconds != seconds { last = (seconds, Self.format(seconds)) }
            return last.text
        }
    }

    private static func format(_ seconds: Int) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            // The names are C's own: this program asks for no other locale.
            let count = strftime(start, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
