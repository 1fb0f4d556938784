/// What reading a tree may cost at most.
package struct TreeLimits: Sendable {
    /// Size of one file, in bytes.
    package var fileBytes: Int
    /// Size of all files together, in bytes.
    package var treeBytes: Int
    /// Files and folders.
    package var entries: Int

    package init(
        fileBytes: Int = 1 << 20, treeBytes: Int = 256 << 20, entries: Int = 200_000
    ) {
        self.fileBytes = fileBytes
        self.treeBytes = treeBytes
        self.entries = entries
    }

    /// What commands use.
    package static let standard = TreeLimits()
}
