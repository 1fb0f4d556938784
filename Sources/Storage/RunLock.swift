package import Diagnostics
internal import Glibc

/// The right to run: one process at a time holds it for a state folder.
///
/// The kernel takes it back
/// when the process ends, however it ends.
package final class RunLock: Sendable {
    /// Who holds the lock.
    package struct Holder: Sendable, Equatable {
        package var processID: Int
        /// Seconds since 1970.
        package var since: Int

        package init(processID: Int, since: Int) {
            self.processID = processID
            self.since = since
        }
    }

    private let descriptor: Int32

    /// Takes the lock of a state folder, held until the value is released; the clock tells
    /// milliseconds since 1970.
    ///
    /// - Throws: `waiting` when another process holds it, naming that; `stalled` when the folder
    ///   can't be written.
    package init(folder: String, clock: () -> Int = Timestamp.now) throws(Failure) {
        try StateFolder.make(folder)
        let path = Self.path(in: folder)
        descriptor = try StateFolder.open(path)
        guard Self.set(F_WRLCK, on: descriptor) else { throw Self.failure(Self.written(at: path)) }
        let text = Array("\(getpid()) \(clock() / 1000)\n".utf8)
        // For people only: a holder that can't be written down holds the lock all the same.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }

    deinit {
        // Unlocked first: a child between fork and exec still has the file open.
        _ = Self.set(F_UNLCK, on: descriptor)
        close(descriptor)
    }

    /// Whether some process holds the lock of a folder, this one included.
    package static func isHeld(in folder: String) -> Bool {
        let descriptor = open(path(in: folder), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var range = wholeFile(F_WRLCK)
        return fcntl(descriptor, lookCommand, &range) == 0 && range.l_type != Int16(F_UNLCK)
    }

    /// Who holds the lock of a folder; nil when it is free, or the holder has not said so yet.
    package static func holder(in folder: String) -> Holder? {
        isHeld(in: folder) ? written(at: path(in: folder)) : nil
    }

    // Locks of an open file (F_OFD_SETLK and F_OFD_GETLK of fcntl(2)), macros that Swift doesn't
    // import: unlike flock(2) they can be looked at without being taken, and unlike those of
    // POSIX they aren't lost when the process closes the same file elsewhere.
    private static let takeCommand: Int32 = 37
    private static let lookCommand: Int32 = 36

    private static func set(_ type: Int32, on descriptor: Int32) -> Bool {
        var range = wholeFile(type)
        return fcntl(descriptor, takeCommand, &range) == 0
    }

    private static func wholeFile(_ type: Int32) -> flock {
        var range = flock()
        range.l_type = Int16(type)
        range.l_whence = Int16(SEEK_SET)
        return range
    }

    private static func failure(_ holder: Holder?) -> Failure {
        let who = holder.map {
            "process \($0.processID), since \(Timestamp.iso8601(milliseconds: $0.since * 1000))"
        }
        return .waiting(
            .init(
                "another run is in progress (\(who ?? "a process that has just started"))",
                fix: "wait until it has ended"),
            retryAfterSeconds: nil)
    }

    private static func path(in folder: String) -> String { folder + "/run.lock" }

    private static func written(at path: String) -> Holder? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .split { $0 == " " || $0 == "\n" }
        guard words.count == 2, let processID = Int(words[0]), let since = Int(words[1]) else {
            return nil
        }
        return Holder(processID: processID, since: since)
    }
}
