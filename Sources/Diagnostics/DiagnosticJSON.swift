/// The JSON form of a diagnostic: what `stead validate --format json` prints. Stable; documented
/// in `docs/json.md`.
package struct DiagnosticJSON: Encodable, Sendable {
    private let diagnostic: Diagnostic

    package init(_ diagnostic: Diagnostic) {
        self.diagnostic = diagnostic
    }

    private enum Key: String, CodingKey {
        case code, severity, summary, file, line, column, length, excerpt, why, fix, related
        case message
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(diagnostic.code.rawValue, forKey: .code)
        try container.encode(diagnostic.severity, forKey: .severity)
        try container.encode(diagnostic.summary, forKey: .summary)
        try encode(diagnostic.location, into: &container)
        try container.encodeIfPresent(diagnostic.excerpt, forKey: .excerpt)
        try container.encodeIfPresent(diagnostic.why, forKey: .why)
        try container.encodeIfPresent(diagnostic.fix, forKey: .fix)
        guard !diagnostic.related.isEmpty else { return }
        var list = container.nestedUnkeyedContainer(forKey: .related)
        for related in diagnostic.related {
            var item = list.nestedContainer(keyedBy: Key.self)
            try encode(related.location, into: &item)
            try item.encode(related.message, forKey: .message)
        }
    }

    private func encode(
        _ location: SourceLocation?, into container: inout KeyedEncodingContainer<Key>
    ) throws {
        guard let location else { return }
        try container.encode(location.file, forKey: .file)
        try container.encode(location.line, forKey: .line)
        try container.encode(location.column, forKey: .column)
        try container.encode(location.length, forKey: .length)
    }
}
