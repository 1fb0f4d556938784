internal import Glibc

/// Tells whether a file has been written since.
struct FileStamp: Equatable {
    private let inode: UInt
    /// Bytes.
    let size: Int
    /// When it was last written, in seconds since 1970.
    let seconds: Int
    private let nanoseconds: Int

    /// The file as it is now; nil when there is none.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
