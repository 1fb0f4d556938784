/// What a person should know of a resource, whether it changes or not; never a change itself.
package struct Remark: Sendable, Equatable, Codable {
    /// One line, lower case, without a full stop: `in the database, and not in the schema`.
    package var summary: String
    /// What it is about, by name; empty where the summary says it all.
    package var items: [String]

    package init(_ summary: String, items: [String] = []) {
        self.summary = summary
        self.items = items
    }
}
