package import Resources

/// One entry of the audit log.
package struct AuditEntry: Sendable, Equatable {
    /// Counts from 1, without gaps.
    package var sequence: Int
    /// ISO 8601 in UTC, with milliseconds.
    package var at: String
    /// The run it belongs to, if any.
    package var run: Int?
    package var event: AuditEvent
    /// The hash of the entry before; zeros for the first.
    package var previousHash: Digest
    package var hash: Digest

    /// The entry as one line of JSON, without the line's end.
    package var jsonLine: String {
        let detail = String(decoding: event.detail, as: UTF8.self)
        let run = run.map(String.init) ?? "null"
        return """
            {"sequence":\(sequence),"at":\(Self.json(at)),"run":\(run),\
            "actor":\(Self.json(event.actor)),"action":\(Self.json(event.action)),\
            "subject":\(Self.json(event.subject)),"detail":\(detail),\
            "previousHash":"\(previousHash)","hash":"\(hash)"}
            """
    }

    private static func json(_ text: String) -> String {
        // A string always encodes; the fallback is for the compiler.
        let bytes = (try? CanonicalJSON.encode(text)) ?? Array("null".utf8)
        return String(decoding: bytes, as: UTF8.self)
    }
}
