import Diagnostics
import FoundationEssentials
import Glibc
import Identity
import Schemas

/// The keys that apps' tokens are signed with: `keys/APP.json` of the state folder, for its owner
/// alone.
struct KeyFolder: Sendable {
    private let folder: String

    init(stateFolder: String) {
        folder = stateFolder + "/keys"
    }

    private func path(of app: String) -> String { "\(folder)/\(app).json" }

    func exist(of app: String) -> Bool { access(path(of: app), F_OK) == 0 }

    /// Makes a key for an app's algorithm; one that is there stays.
    func make(for app: AppDefinition) throws(Failure) {
        guard !exist(of: app.name), let auth = app.auth else { return }
        _ = mkdir(folder, 0o700)
        let path = path(of: app.name)
        let bytes = try Self.keys(for: auth.algorithm)
        let temporary = path + ".tmp"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let isWritten = written == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw failure(path)
        }
    }

    /// A new set of one key, as its file holds it.
    private static func keys(for algorithm: SignIn.Algorithm) throws(Failure) -> [UInt8] {
        do throws(KeyError) {
            guard let algorithm = SigningAlgorithm(rawValue: algorithm.rawValue) else {
                throw KeyError.malformedSet
            }
            let set = try KeySet(current: SigningKey.generate(algorithm))
            return Array(try set.text().utf8)
        } catch {
            throw .stalled(.init("cannot make a signing key: \(error)"))
        }
    }

    private func failure(_ path: String) -> Failure {
        .stalled(.init("cannot write \(path): \(String(cString: strerror(errno)))"))
    }
}
