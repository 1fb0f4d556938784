package import Diagnostics
package import YAML

/// A document of one kind, read and valid in itself, with the places of its fields.
package struct Document<Spec: Sendable>: Sendable {
    package var address: Address
    package var labels: [String: String]
    /// What is done about drift; nil when the document leaves it to the settings.
    package var drift: Settings.Drift?
    /// Whether its changes are guarded; nil when the document leaves it to their paths.
    package var isGuarded: Bool?
    /// What shows that the resource does its work.
    package var health: [HealthCheck]
    /// Whether it is never deleted.
    package var isProtected: Bool
    package var spec: Spec
    package var origin: DocumentOrigin

    package init(
        address: Address, labels: [String: String], drift: Settings.Drift? = nil,
        isGuarded: Bool? = nil, isProtected: Bool = false, health: [HealthCheck] = [], spec: Spec,
        origin: DocumentOrigin
    ) {
        self.address = address
        self.labels = labels
        self.drift = drift
        self.isGuarded = isGuarded
        self.health = health
        self.isProtected = isProtected
        self.spec = spec
        self.origin = origin
    }
}

/// Where a document and its fields stand.
package struct DocumentOrigin: Sendable {
    package var source: SourceText
    /// The document's first line.
    package var mark: Mark
    /// By field: `server`, `aliases.1`, `nginx.reload`.
    package var places: FieldPlaces

    package init(source: SourceText, mark: Mark, places: FieldPlaces) {
        self.source = source
        self.mark = mark
        self.places = places
    }

    /// A field's place; the document's when the field was not written.
    package func location(of field: String? = nil) -> SourceLocation {
        source.location(of: field.flatMap { places[$0] } ?? mark)
    }

    /// A diagnostic at a field's place, or at the document's when the field was not written.
    package func diagnostic(
        _ code: DiagnosticCode, at field: String? = nil, _ summary: String,
        severity: Diagnostic.Severity = .error, why: String? = nil, fix: String? = nil
    ) -> Diagnostic {
        let location = location(of: field)
        return Diagnostic(
            code, summary, severity: severity, at: location,
            excerpt: source.line(location.line), why: why, fix: fix)
    }
}

/// A file's name and text, kept for the excerpts of messages.
package final class SourceText: Sendable {
    /// Relative to the tree's root.
    package let file: String
    package let bytes: [UInt8]

    package init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
    }

    /// `prokov` for what lies in a folder `apps/prokov`; nil for everything else.
    package var appFolder: String? {
        let parts = file.split(separator: "/")
        guard let apps = parts.dropLast(2).lastIndex(of: "apps") else { return nil }
        return String(parts[apps + 1])
    }

    /// A mark of this file as a location.
    package func location(of mark: Mark) -> SourceLocation {
        SourceLocation(
            file: file, line: Int(mark.line), column: Int(mark.column), length: Int(mark.length))
    }

    /// The most of one line that is shown, in bytes.
    private static let lineLimit = 16 << 10

    /// Line `number` from 1, without its line break, cut when it is very long; nil past the end.
    package func line(_ number: Int) -> String? {
        bytes.withUnsafeBufferPointer { text in
            var rest = text[...]
            for _ in 1..<max(1, number) {
                guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
                rest = rest[(end + 1)...]
            }
            let line = rest.prefix(Self.lineLimit)
                .prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            return String(decoding: line, as: UTF8.self)
        }
    }
}
