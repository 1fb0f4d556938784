import Glibc

/// The system's shell.
enum Shell {
    /// Runs a command and returns its exit status; nil when there is no shell, or a signal ended
    /// it.
    static func run(_ command: String) -> Int32? {
        var child = pid_t()
        var arguments = [strdup("sh"), strdup("-c"), strdup(command), nil]
        defer { arguments.forEach { free($0) } }
        guard posix_spawnp(&child, "sh", nil, nil, &arguments, environ) == 0 else { return nil }
        var status: Int32 = 0
        waitpid(child, &status, 0)
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }
}
