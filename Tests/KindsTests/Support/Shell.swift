import Glibc
import Testing

/// A POSIX shell that runs commands here and now.
struct Shell: Sendable, CustomTestStringConvertible {
    let name: String
    /// The program and its first arguments.
    let words: [String]
    /// Where the commands come from.
    let path: String

    var testDescription: String { name }

    /// Debian's own shell, with GNU's tools.
    static let dash = Shell(name: "dash", words: ["/bin/dash"], path: "/usr/bin:/bin")

    /// busybox's shell, with nothing but its applets.
    static let busybox = Shell(
        name: "busybox", words: ["/bin/busybox", "sh"], path: BusyboxApplets.shared.folder)

    static let all = [dash, busybox]

    struct Ending: Sendable {
        var status: Int
        var output: String
    }

    /// Runs a script with its arguments, and waits.
    func run(
        _ script: String, _ arguments: [String] = [], input: [UInt8] = [], in folder: Folder,
        wrappedIn wrapper: [String]? = nil
    ) -> Ending {
        let files = (folder.path + "/.stdin", folder.path + "/.stdout")
        Folder.write(input, to: files.0)
        // Outside of root's own account the scripts run as the root of a namespace.
        let become = wrapper ?? (geteuid() == 0 ? [] : ["/usr/bin/unshare", "-r"])
        let status = Self.spawn(
            become + words + ["-c", script, "sh"] + arguments,
            environment: ["PATH=\(path)", "LC_ALL=C", "FAKE=\(folder.path)"],
            input: files.0, output: files.1)
        return Ending(
            status: status, output: String(decoding: Folder.read(files.1) ?? [], as: UTF8.self))
    }

    static func spawn(
        _ words: [String], environment: [String], input: String, output: String
    ) -> Int {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var child = pid_t()
        guard posix_spawn(&child, words[0], &actions, nil, &arguments, &variables) == 0 else {
            return 127
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        return Int(status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F))
    }
}

/// busybox's applets under their names, as a host that has nothing else finds them.
final class BusyboxApplets: Sendable {
    static let shared = BusyboxApplets()
    private let root = Folder()
    var folder: String { root.path }

    private init() {
        let list = folder + "/.list"
        _ = Shell.spawn(
            ["/bin/busybox", "--list"], environment: [], input: "/dev/null", output: list)
        for name in String(decoding: Folder.read(list) ?? [], as: UTF8.self).split(separator: "\n")
        {
            symlink("/bin/busybox", "\(folder)/\(name)")
        }
        atexit { BusyboxApplets.shared.root.clear() }
    }
}
