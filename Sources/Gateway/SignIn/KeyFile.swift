import Diagnostics
import FoundationEssentials
import Glibc
import Identity
import Synchronization

/// The keys that an app's tokens are signed with, as their file has them.
final class KeyFile: Sendable {
    /// What tells one content of the file from another: each is a file of its own.
    private struct Stamp: Equatable {
        var inode: UInt
        var seconds: Int
        var nanoseconds: Int
    }

    private struct State {
        var keys: KeySet
        var stamp: Stamp?
    }

    /// What a look at the file found.
    enum Change {
        case none
        /// Other keys than before; tokens are signed by the one of this name.
        case renewed(kid: String)
        /// It can't be read, which is told once; the keys stay.
        case failed(String)
    }

    private let path: String
    private let state: Mutex<State>

    private init(path: String, keys: KeySet, stamp: Stamp?) {
        self.path = path
        state = Mutex(State(keys: keys, stamp: stamp))
    }

    /// Reads an app's file.
    ///
    /// - Throws: when there is none, or it holds no keys.
    static func open(_ path: String) throws -> KeyFile {
        // Looked at first: what comes in between is found by the next look.
        let stamp = stamp(of: path)
        return KeyFile(path: path, keys: try read(path), stamp: stamp)
    }

    /// The keys to sign and to prove with.
    var current: KeySet { state.withLock(\.keys) }

    /// Reads the file again if it is another one.
    func refresh() -> Change {
        let found = Self.stamp(of: path)
        return state.withLock { state in
            guard found != state.stamp else { return .none }
            state.stamp = found
            do {
                let keys = try Self.read(path)
                guard
                    keys.current.kid != state.keys.current.kid
                        || keys.retired.map(\.key.kid) != state.keys.retired.map(\.key.kid)
                        || keys.retired.map(\.acceptedUntil)
                            != state.keys.retired.map(\.acceptedUntil)
                else { return .none }
                state.keys = keys
                return .renewed(kid: keys.current.kid)
            } catch {
                return .failed("\(error)")
            }
        }
    }

    private static func read(_ path: String) throws -> KeySet {
        let bytes = try Data(contentsOf: URL(filePath: path))
        return try KeySet(text: String(decoding: bytes, as: UTF8.self))
    }

    private static func stamp(of path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        // The time of the last change of anything: of its owner and mode too.
        return Stamp(
            inode: UInt(status.st_ino), seconds: status.st_ctim.tv_sec,
            nanoseconds: status.st_ctim.tv_nsec)
    }
}
