package import Resources

/// How a file's content differs, without secrets.
package struct PlannedContent: Sendable, Hashable, Codable {
    /// How a content is shown.
    package enum Form: String, Sendable, Codable {
        /// Text, with its difference in `diff`.
        case text
        /// Not UTF-8, or with a NUL.
        case binary
        /// At least one side is too large to be fetched.
        case unread
        /// A declared secret: nothing of it is shown but how many lines it has.
        case sensitive
    }

    /// One side of the difference; absent where there is no file.
    package struct Side: Sendable, Hashable, Codable {
        /// Nil for a declared secret.
        package let sizeBytes: Int?
        /// Nil when the content is no text or was not read.
        package let lines: Int?
        /// Only for what is not text and too long to be guessed from its digest.
        package let digest: Digest?
    }

    package let form: Form
    package let old: Side?
    package let new: Side?
    /// How many lines are new; 0 but for text.
    package let added: Int
    package let removed: Int
    /// The unified difference of two texts, hunks only; secrets are redacted.
    package let diff: String?

    package init(old: Content?, new: Content?, isSensitive: Bool) {
        guard !isSensitive else {
            self.init(.sensitive, old, new)
            return
        }
        let texts = (old?.text, new?.text)
        let isText = (old == nil) == (texts.0 == nil) && (new == nil) == (texts.1 == nil)
        guard isText else {
            let isRead = [old, new].allSatisfy { $0?.bytes != nil || $0 == nil }
            self.init(isRead ? .binary : .unread, old, new)
            return
        }
        let difference = UnifiedDifference(old?.bytes ?? [], new?.bytes ?? [])
        self.init(.text, old, new, difference)
    }

    private init(
        _ form: Form, _ old: Content?, _ new: Content?, _ difference: UnifiedDifference? = nil
    ) {
        self.form = form
        self.old = old.map { Side($0, form) }
        self.new = new.map { Side($0, form) }
        added = difference?.added ?? 0
        removed = difference?.removed ?? 0
        diff = difference?.redactedText
    }
}

extension PlannedContent.Side {
    /// Below this many bytes a digest tells too much: the content could be guessed.
    private static let digestFloor = 64

    fileprivate init(_ content: Content, _ form: PlannedContent.Form) {
        let isText = form == .text || content.text != nil
        sizeBytes = form == .sensitive ? nil : content.size
        lines = isText ? content.bytes.map { LineTable.count(of: $0) } : nil
        let mayShowDigest = form != .sensitive && !isText && content.size >= Self.digestFloor
        digest = mayShowDigest ? content.digest : nil
    }
}
