/// Tells whether a state may have been written to since, without opening it.
package struct StateStamp: Equatable {
    private let file: FileStamp?
    private let log: FileStamp?

    /// The state of a folder as it is now.
    package init(folder: String) {
        file = FileStamp(of: folder + "/stead.db")
        log = FileStamp(of: folder + "/stead.db-wal")
    }

    /// Whether every later write is sure to show: files' times are only as exact as the kernel's
    /// clock, so that one right after the last may bear the same.
    ///
    /// - Parameter seconds: the time now, since 1970.
    /// - Returns: false also where there is no state.
    package func isSettled(at seconds: Int) -> Bool {
        guard let file else { return false }
        return max(file.seconds, log?.seconds ?? 0) < seconds - 1
    }
}
