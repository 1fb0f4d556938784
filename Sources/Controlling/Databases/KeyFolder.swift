package import Diagnostics
import FoundationEssentials
import Glibc
package import Identity
import SQL
import Schemas

/// The keys that apps' tokens are signed with: `keys/APP.json` of the state folder, for its owner
/// alone.
package struct KeyFolder: Sendable {
    private let folder: String

    package init(stateFolder: String) {
        folder = stateFolder + "/keys"
    }

    private func path(of app: String) -> String { "\(folder)/\(app).json" }

    func exist(of app: String) -> Bool { access(path(of: app), F_OK) == 0 }

    /// Makes a key for an app's algorithm; one that is there stays.
    func make(for app: AppDefinition) throws(Failure) {
        guard !exist(of: app.name), let auth = app.auth else { return }
        _ = mkdir(folder, 0o700)
        let set = try Self.signing { () throws(KeyError) in
            guard let algorithm = SigningAlgorithm(rawValue: auth.algorithm.rawValue) else {
                throw KeyError.malformedSet
            }
            return try KeySet(current: SigningKey.generate(algorithm))
        }
        try write(set, to: path(of: app.name), owner: nil)
    }

    /// Has a new key sign an app's tokens from now on.
    ///
    /// - Parameters:
    ///   - app: its name.
    ///   - now: seconds since 1970.
    ///   - overlapSeconds: how long tokens of former keys are accepted yet, at most.
    ///   - isDry: whether the file stays as it is.
    /// - Returns: the new keys.
    /// - Throws: when there are none, or they can't be written.
    package func rotate(
        _ app: String, now: Int, overlapSeconds: Int, isDry: Bool
    ) throws(Failure) -> KeySet {
        // Held until the end: of two at once the second begins with what the first wrote.
        let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw failure("read", folder) }
        defer { close(lock) }
        let path = path(of: app)
        var status = stat()
        guard stat(path, &status) == 0, let bytes = try? Data(contentsOf: URL(filePath: path))
        else { throw failure("read", path) }
        let set = try Self.signing { () throws(KeyError) in
            let former = try KeySet(text: String(decoding: bytes, as: UTF8.self))
            let rotated = try former.rotated(
                to: SigningKey.generate(former.current.algorithm), now: now,
                overlapSeconds: overlapSeconds)
            // Keys of earlier rotations get no more time either: a short overlap ends them all.
            let end = now + overlapSeconds
            let retired = rotated.retired.map {
                RetiredKey($0.key, acceptedUntil: min($0.acceptedUntil, end))
            }
            return try KeySet(
                current: rotated.current, retired: retired.filter { now < $0.acceptedUntil })
        }
        if !isDry { try write(set, to: path, owner: status) }
        return set
    }

    /// Replaces a file as a whole, for its owner alone.
    private func write(_ set: KeySet, to path: String, owner: stat?) throws(Failure) {
        let bytes = Array(try Self.signing { () throws(KeyError) in try set.text() }.utf8)
        let temporary = path + ".tmp"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", path) }
        // A superuser's rotation leaves the file with the one that the gateway runs as.
        let isOwned = owner.map { fchown(descriptor, $0.st_uid, $0.st_gid) == 0 } ?? true
        let mode = SharedFolder.fileMode(in: folder)
        if mode != 0o600 { _ = fchmod(descriptor, mode) }
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let isWritten = written == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isOwned, isWritten, rename(temporary, path) == 0 else {
            let failure = failure("write", path)
            unlink(temporary)
            throw failure
        }
    }

    private static func signing<Value>(_ body: () throws(KeyError) -> Value) throws(Failure)
        -> Value
    {
        do throws(KeyError) {
            return try body()
        } catch {
            throw .stalled(.init("cannot make a signing key: \(error)"))
        }
    }

    private func failure(_ verb: String, _ path: String) -> Failure {
        .stalled(.init("cannot \(verb) \(path): \(String(cString: strerror(errno)))"))
    }
}
