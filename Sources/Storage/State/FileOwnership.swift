internal import Glibc

/// Whose a file is, and who may do what with it.
package struct FileOwnership: Sendable, Equatable {
    package let user: UInt32
    package let group: UInt32
    /// The permission bits.
    package let mode: UInt32

    /// Looks at a file; nil when it can't be, and `errno` says why.
    package init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        user = status.st_uid
        group = status.st_gid
        mode = status.st_mode & 0o7777
    }
}
