import FoundationEssentials

/// An app's definition as last applied: what the gateway serves.
package struct Release: Sendable, Equatable, Codable {
    /// What a gateway must know to read it.
    package static let currentFormat = 1

    package var format = Release.currentFormat
    package var app: AppDefinition
    package var schema: Schema
    /// In order of their names.
    package var queries: [NamedQuery] = []

    package init(app: AppDefinition, schema: Schema) {
        self.app = app
        self.schema = schema
    }

    /// As the state database keeps it.
    ///
    /// - Throws: never, for a release that was made of valid documents.
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// - Throws: `DecodingError` for what this version can't read.
    package init(decoding bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(Release.self, from: Data(bytes))
    }
}
