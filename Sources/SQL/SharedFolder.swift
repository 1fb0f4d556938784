internal import Glibc

/// What new files share with their folder's group.
///
/// A folder that hands its group on (the set-group-ID bit, inode(7)) is one that somebody has made
/// to be shared: what is made in it may be used by that group as the folder may. In every other
/// folder what is made is its owner's alone.
package enum SharedFolder {
    /// The permission bits for a file of a folder: 0600, 0640 or 0660.
    package static func fileMode(in folder: String) -> UInt32 { 0o600 | shared(folder) & 0o060 }

    /// The permission bits for a folder in a folder.
    package static func folderMode(in folder: String) -> UInt32 {
        let shared = shared(folder)
        return shared == 0 ? 0o700 : 0o2700 | shared
    }

    /// What the group may do, where there is one to share with.
    private static func shared(_ folder: String) -> UInt32 {
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_ISGID != 0 else { return 0 }
        return status.st_mode & 0o070
    }
}
