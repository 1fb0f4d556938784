import Diagnostics
import Glibc

/// A file that was not there before, for its owner alone, and on the disk once it is finished.
final class NewFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(Failure) {
        self.path = path
        descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        close(descriptor)
    }

    func write(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Self.failure(path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Has the file, and its name in its folder, reach the disk.
    func finish() throws(Failure) {
        guard fsync(descriptor) == 0 else { throw Self.failure(path) }
        let slash = path.lastIndex(of: "/")
        let name = slash.map { String(path[...$0]) } ?? "."
        let folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(folder) }
        guard folder >= 0, fsync(folder) == 0 else { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> Failure {
        let error = errno
        return .stalled(
            .init(
                "cannot write \(path): \(String(cString: strerror(error)))",
                fix: error == EEXIST ? "name another file" : nil))
    }
}
