/// What a path was seen to be, in the form that observations keep.
package struct PathState: Sendable, Equatable, Codable {
    /// What sort of thing.
    package enum Sort: String, Sendable, Codable {
        case file
        case link
        case directory
        /// A socket, a device, a pipe.
        case other

        /// For people.
        package var words: String {
            switch self {
            case .file: "regular file"
            case .link: "symbolic link"
            case .directory: "directory"
            case .other: "special file"
            }
        }
    }

    package var sort: Sort
    /// Nil for links and special files.
    package var status: FileStatus?
    /// Nil for all but regular files.
    package var content: Content?
    /// What a link leads to, or what a special file is.
    package var detail: String?

    /// Nil when nothing is there, or when it is not known what is: a kind asks
    /// `ProbeOutput.sighting`, which throws for the latter.
    package init?(_ sighting: Sighting) {
        switch sighting {
        case .absent, .unreadable: return nil
        case .file(let status, let content):
            (sort, self.status, self.content) = (.file, status, content)
        case .link(let target): (sort, detail) = (.link, target)
        case .directory(let status): (sort, self.status) = (.directory, status)
        case .other(let description): (sort, detail) = (.other, description)
        }
    }

    /// `symbolic link to /etc/motd.real`, for people.
    package var words: String {
        switch (sort, detail) {
        case (.link, let detail?): "symbolic link to \(detail)"
        case (.other, let detail?): detail
        default: sort.words
        }
    }

    /// What differs as long as this is at `path` and nothing should be.
    package func differenceFromNothing(at path: String, isSensitive: Bool = false) -> Difference {
        guard let content else {
            return Difference("type of \(path)", .text(old: words, new: nil))
        }
        return Difference(
            "content of \(path)", .content(old: content, new: nil), isSensitive: isSensitive)
    }
}
