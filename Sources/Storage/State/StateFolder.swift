internal import Diagnostics
internal import Glibc
internal import SQL

/// The folder that holds the state: made on first use, for its owner alone.
enum StateFolder {
    /// Makes the folder and what leads to it; one that exists is left as it is.
    ///
    /// It tells git to leave it alone: `state/` often lies in the very repository that is planned.
    ///
    /// - Throws: `stalled` when that isn't permitted, or something else is in the way.
    static func make(_ folder: String) throws(Failure) {
        var path = folder.hasPrefix("/") ? "/" : ""
        let parts = folder.split(separator: "/")
        for (index, part) in parts.enumerated() {
            path += (path.isEmpty || path.hasSuffix("/")) ? String(part) : "/" + part
            let isLast = index == parts.count - 1
            guard mkdir(path, isLast ? 0o700 : 0o755) != 0 else {
                if isLast { ignoreInGit(path) }
                continue
            }
            let error = errno
            guard isDirectory(path) else {
                throw failure("cannot make the state folder \(folder)", error)
            }
        }
    }

    /// For convenience only, so that a failure is none.
    private static func ignoreInGit(_ folder: String) {
        let descriptor = Glibc.open(
            folder + "/.gitignore", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, "*\n", 2)
        close(descriptor)
    }

    /// Opens a file of the folder, made with mode 0600 when it is missing; closed on exec, so that
    /// no command that a run starts inherits it.
    ///
    /// - Throws: `stalled` when that isn't permitted.
    static func open(_ path: String) throws(Failure) -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot write \(path)", errno) }
        return descriptor
    }

    /// Makes an empty file, unless there is one: for its owner, and for the group of a folder that
    /// is shared.
    ///
    /// Without opening it: to close a database's file takes all locks on it from every connection
    /// of this process (fcntl(2), sqlite.org/howtocorrupt.html).
    ///
    /// - Throws: `stalled` when that isn't permitted.
    static func makeFile(_ path: String) throws(Failure) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let mode = SharedFolder.fileMode(in: folder)
        if mknod(path, S_IFREG | 0o600, 0) == 0 {
            // Whatever the process's mask says.
            if mode != 0o600 { _ = chmod(path, mode) }
            return
        }
        guard errno != EEXIST else { return }
        throw failure("cannot make \(path)", errno)
    }

    /// Whether nothing is there, as opposed to something that can't be looked at.
    static func lacks(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 && errno == ENOENT
    }

    /// What the system said, as a failure.
    private static func failure(_ message: String, _ error: Int32) -> Failure {
        let reason = String(cString: strerror(error))
        let fix =
            error == ENOSPC || error == EDQUOT
            ? "free some space"
            : "run as the user who owns the state folder, or name another with --state"
        return .stalled(.init("\(message): \(reason)", fix: fix))
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
