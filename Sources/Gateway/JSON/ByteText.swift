import Glibc

/// A text that only another of the same bytes is equal to.
///
/// Strings are equal by what they look like: `é` is one however it is composed. Names and values of
/// requests are what their bytes are, as they are for databases.
struct ByteText: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: ByteText, right: ByteText) -> Bool { left.text.isSame(as: right.text) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// Whether it is of the same bytes.
    func isSame(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var (text, other) = (self, other)
        return text.withUTF8 { text in
            other.withUTF8 { other in
                // Empty ones may be nowhere.
                guard let start = text.baseAddress, let otherStart = other.baseAddress else {
                    return true
                }
                return memcmp(start, otherStart, text.count) == 0
            }
        }
    }
}
