import Diagnostics
import FoundationEssentials
import Glibc

/// Files that only their owner may read: a plan shows what configuration holds.
enum PrivateFile {
    /// Replaces `path` as a whole, or leaves it as it was.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let temporary = "\(path).\(getpid()).tmp"
        unlink(temporary)
        let descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let failure = failure("write", path)
                close(descriptor)
                unlink(temporary)
                throw failure
            }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
            let failure = failure("write", path)
            unlink(temporary)
            throw failure
        }
    }

    static func read(_ path: String) throws(Failure) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw failure("read", path)
        }
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        .stalled(.init("cannot \(verb) \(path): \(String(cString: strerror(errno)))"))
    }
}

/// Who is running this.
enum Actor {
    /// The Unix user; behind sudo, the one who called it.
    static var current: String {
        let environment = ProcessInfo.processInfo.environment
        if getuid() == 0, let caller = environment["SUDO_USER"], !caller.isEmpty { return caller }
        guard let entry = getpwuid(getuid()) else { return "uid \(getuid())" }
        return String(cString: entry.pointee.pw_name)
    }
}
