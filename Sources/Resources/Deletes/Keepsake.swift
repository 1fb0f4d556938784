/// Something of a resource that is kept on its host for a while when the resource is deleted.
package enum Keepsake: Sendable, Hashable {
    /// A regular file, or a link.
    case path(String)
    /// The lines of a user's crontab between two markers, those included; at most one a resource.
    case lines(user: String, begin: String, end: String)
}

/// What a change takes away, as far as people would miss it.
package struct Loss: Sendable, Equatable, Codable {
    /// What becomes of it.
    package enum Fate: String, Sendable, Codable {
        /// Its host keeps it in quarantine.
        case quarantine
        /// Its database keeps it under another name.
        case putAside
        /// It was put aside long enough ago, and is dropped.
        case dropped
        /// Nothing is kept of it.
        case atOnce
    }

    /// A path, or what it is in words: `table tasks`.
    package var what: String
    package var fate: Fate
    package var sizeBytes: Int?
    package var rows: Int?

    package init(_ what: String, _ fate: Fate, sizeBytes: Int? = nil, rows: Int? = nil) {
        self.what = what
        self.fate = fate
        self.sizeBytes = sizeBytes
        self.rows = rows
    }

    /// What a delete takes away at a path; nil where nothing is.
    package static func path(_ path: String, _ state: PathState?) -> Loss? {
        state.map { Loss(path, .quarantine, sizeBytes: $0.content?.size) }
    }
}
