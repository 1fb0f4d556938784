package import Diagnostics
import Glibc
import Synchronization

/// The socket's file, and who may open it.
///
/// A controller binds a name of its own, and gives it the name that people ask at only while it
/// leads: one that stands by, or that can't start, takes nothing from the one that leads.
package final class ControlSocket: Sendable {
    /// A file, whatever it is called.
    private struct Identity: Equatable {
        var device: dev_t
        var inode: ino_t

        /// Nil for what is not there.
        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            device = status.st_dev
            inode = status.st_ino
        }
    }

    private struct State {
        /// What was bound; nil until then.
        var own: Identity?
        var isLeading = false
    }

    /// Where the leader is asked.
    package let path: String
    /// The name that is bound; always this controller's own.
    package let ownPath: String
    private let group: String?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - path: where the leader is asked.
    ///   - group: the group that may ask besides the owner.
    package init(_ path: String, group: String?) {
        self.path = path
        self.group = group
        ownPath = "\(Self.folder(of: path))/\(Self.prefix)\(UInt32.random(in: 0..<1 << 24))"
    }

    /// What the controllers' own names begin with.
    private static let prefix = ".stead-"

    /// Makes its folder, and takes away what killed controllers left of their own names there.
    ///
    /// - Throws: `stalled` when that isn't permitted, or the path is too long.
    func prepare() throws(Failure) {
        guard max(path.utf8.count, ownPath.utf8.count) < 108 else {
            throw .stalled(
                .init(
                    "the socket's path is longer than 107 bytes: \(path)",
                    fix: "name a shorter one with --socket"))
        }
        let folder = Self.folder(of: path)
        if mkdir(folder, group == nil ? 0o700 : 0o750) != 0, errno != EEXIST {
            throw Self.failure("cannot make \(folder)")
        }
        Self.sweep(folder)
        guard let group else { return }
        guard let entry = getgrnam(group) else {
            throw .stalled(.init("there is no group \(group)", fix: "make it with `groupadd`"))
        }
        guard chown(folder, uid_t.max, entry.pointee.gr_gid) == 0 else {
            throw Self.failure("cannot give \(folder) to the group \(group)")
        }
    }

    /// Lets in the owner, and the group if there is one, now that the own name is bound.
    ///
    /// - Throws: `stalled` when it leads already and can't be asked.
    func admit() throws(Failure) {
        if let group, let entry = getgrnam(group) {
            _ = chown(ownPath, uid_t.max, entry.pointee.gr_gid)
        }
        _ = chmod(ownPath, group == nil ? 0o600 : 0o660)
        let isLeading = state.withLock { state in
            state.own = Identity(ownPath)
            return state.isLeading
        }
        if isLeading { try place() }
    }

    /// Has people ask here from now on.
    ///
    /// - Throws: `stalled` when that isn't permitted.
    package func lead() throws(Failure) {
        let isBound = state.withLock { state in
            state.isLeading = true
            return state.own != nil
        }
        if isBound { try place() }
    }

    /// Whether it leads, and is not what stands at the path.
    var isMissing: Bool {
        state.withLock { $0.isLeading && $0.own != nil && $0.own != Identity(path) }
    }

    /// Gives it the name once more: somebody has taken it away.
    ///
    /// - Throws: `stalled` when that isn't permitted.
    func restore() throws(Failure) {
        if isMissing { try place() }
    }

    /// Takes the name away, if it still is this controller's.
    package func leave() {
        state.withLock { state in
            if state.isLeading, let own = state.own, own == Identity(path) { unlink(path) }
            state.isLeading = false
        }
    }

    /// In one step, so that nobody finds nothing there.
    private func place() throws(Failure) {
        let passing = ownPath + "+"
        unlink(passing)
        guard link(ownPath, passing) == 0, rename(passing, path) == 0 else {
            let failure = Self.failure("cannot make the socket \(path)")
            unlink(passing)
            throw failure
        }
        // Where both names are one file already, `rename` does nothing (rename(2)).
        unlink(passing)
    }

    /// Removes sockets at which nobody listens.
    private static func sweep(_ folder: String) {
        guard let stream = opendir(folder) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let path = "\(folder)/\(name)"
            if name.hasPrefix(prefix), isDead(path) { unlink(path) }
        }
    }

    private static func isDead(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(descriptor, address, length) != 0 && errno == ECONNREFUSED
            }
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func failure(_ message: String) -> Failure {
        .stalled(.init("\(message): \(String(cString: strerror(errno)))"))
    }
}
