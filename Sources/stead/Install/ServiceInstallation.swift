import Diagnostics
import FoundationEssentials
import Glibc
import Planning

/// Files of services, held against those that are there.
struct ServiceInstallation {
    /// The folder that stands for `/`, without a slash at its end.
    let root: String
    let files: [ServiceFile]

    /// How a file stands against the one that is there.
    enum Standing: Equatable {
        case missing, unchanged
        /// Lines that begin with `-`, `+` or a blank.
        case different(String)
    }

    /// Looks at a file's place.
    ///
    /// - Throws: when something is there that can't be read.
    func standing(of file: ServiceFile) throws(Failure) -> Standing {
        let path = root + file.path
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return .missing }
            throw Self.failure("look at", path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .stalled(.init("\(path) is no plain file", fix: "move it away"))
        }
        let former = try PrivateFile.read(path)
        let isRunnable = status.st_mode & 0o111 != 0
        guard former != Array(file.text.utf8) || isRunnable != file.isExecutable else {
            return .unchanged
        }
        return .different(UnifiedDifference(former, Array(file.text.utf8)).text)
    }

    /// Writes a file as a whole, and the folders to it.
    func write(_ file: ServiceFile) throws(Failure) {
        let path = root + file.path
        let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755])
        } catch {
            throw .stalled(.init("cannot make \(folder): \(error)"))
        }
        try PrivateFile.write(Array(file.text.utf8), to: path)
        guard chmod(path, file.isExecutable ? 0o755 : 0o644) == 0 else {
            throw Self.failure("change the mode of", path)
        }
    }

    /// Removes a file that was written here; false when there is none.
    ///
    /// - Throws: when it is somebody else's.
    func remove(_ file: ServiceFile) throws(Failure) -> Bool {
        let path = root + file.path
        guard try standing(of: file) != .missing else { return false }
        let text = String(decoding: try PrivateFile.read(path), as: UTF8.self)
        guard text.contains(ServiceSettings.mark) else {
            throw .stalled(
                .init(
                    "\(path) was not written by `stead install-service`",
                    fix: "remove it yourself, if nobody needs it"))
        }
        guard unlink(path) == 0 else { throw Self.failure("remove", path) }
        return true
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        .stalled(.init("cannot \(verb) \(path): \(String(cString: strerror(errno)))"))
    }
}
