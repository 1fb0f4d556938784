/// One thing to look at on a host. All looks of a host go in one script; equal looks are done once.
package enum Look: Hashable, Sendable {
    /// A path's type, owner, mode, and whether its content has the digest `expected`. The content
    /// itself comes back only where it differs and has at most `contentLimit` bytes.
    case file(path: String, expected: Digest?)
    /// Whether a path is a symbolic link that leads to `target`.
    case link(path: String, target: String)
    /// A user's whole crontab under `/var/spool/cron/crontabs`; only on hosts without
    /// `/etc/cron.d`.
    case crontab(user: String)
    /// What a read-only shell command prints, and its exit status. `script` is constant text;
    /// values go in `arguments`, as `$1`…
    case command(script: String, arguments: [String])
    /// What a database, or the state, says to a question; both in JSON.
    case database(question: [UInt8])

    /// The most that is fetched of one file's content, in bytes.
    package static let contentLimit = 256 << 10
}

/// A file's permissions as `stat` prints them.
package struct FileStatus: Hashable, Sendable, Codable {
    /// Permission bits with set-id and sticky: `0o644`.
    package var mode: UInt16
    package var userID: Int
    package var groupID: Int
    /// The names; numbers as text when the host knows no name.
    package var owner: String
    package var group: String

    package init(mode: UInt16, userID: Int, groupID: Int, owner: String, group: String) {
        self.mode = mode
        self.userID = userID
        self.groupID = groupID
        self.owner = owner
        self.group = group
    }
}

/// What a path turned out to be.
package enum Sighting: Sendable, Equatable {
    case absent
    /// A regular file. `content` has bytes only when it differs from what was expected and is
    /// small enough.
    case file(FileStatus, Content)
    /// A symbolic link, with the text it holds. When the link leads where it should by another
    /// spelling, that is the text expected.
    case link(target: String)
    case directory(FileStatus)
    /// A socket, a device, a pipe.
    case other(description: String)
    /// The path could not be looked at. Never means absent.
    case unreadable(reason: String)
}

/// What a command look printed.
package struct CommandSighting: Sendable, Equatable {
    package var status: Int
    /// Standard output, without trailing line breaks.
    package var output: String

    package init(status: Int, output: String) {
        self.status = status
        self.output = output
    }
}
