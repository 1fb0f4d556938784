package import YAML

/// Where a document's fields stand: a dictionary of few entries, many of which are kept at once.
package struct FieldPlaces: Sendable, ExpressibleByDictionaryLiteral {
    private var entries: [(field: String, mark: Mark)] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, Mark)...) {
        entries = elements.map { ($0, $1) }
    }

    /// The place of a field, such as `aliases.1`; nil when it was not written.
    package subscript(field: String) -> Mark? {
        entries.first { $0.field == field }?.mark
    }

    /// Adds a field that is not there yet.
    mutating func append(_ field: String, _ mark: Mark) {
        entries.append((field, mark))
    }

    mutating func reserveCapacity(_ count: Int) {
        entries.reserveCapacity(count)
    }
}
