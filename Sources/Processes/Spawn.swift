import CPosix
package import Diagnostics
package import Glibc

/// Starting other programs.
package enum Spawn {
    /// Starts the program that PATH finds under `arguments[0]`, as the leader of a process group of
    /// its own, with this process's environment and signals as a program expects them.
    ///
    /// - Parameters:
    ///   - arguments: its name or file, and what it is told.
    ///   - standard: which open files become its first three; nil for the same as this process's.
    ///     It gets no others.
    /// - Returns: its number.
    /// - Throws: `stalled` when there is no such program, `transient` when the system is short of
    ///   processes.
    package static func start(
        _ arguments: [String], standard: [Int32?]
    ) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in standard.enumerated() {
            guard let file else { continue }
            posix_spawn_file_actions_adddup2(&actions, file, Int32(number))
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var identifier: pid_t = 0
        let code = posix_spawnp(
            &identifier, arguments[0], &actions, &attributes, &pointers, environ)
        guard code != 0 else { return identifier }
        let report = Failure.Report("cannot start \(arguments[0]): \(SystemError(code: code))")
        throw code == ENOENT || code == EACCES ? .stalled(report) : .transient(report)
    }
}
