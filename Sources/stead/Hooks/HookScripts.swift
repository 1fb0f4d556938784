import Diagnostics
import FoundationEssentials
import Glibc

/// The two scripts that git runs in a repository when somebody pushes to it.
struct HookScripts {
    /// What is written into them.
    struct Settings {
        var program: String
        var branch: String
        var state: String
        var socket: String
        var planTimeout: String
    }

    private static let mark = "# Written by `stead hook install`"

    let settings: Settings

    /// Writes both into a repository.
    ///
    /// - Throws: when a hook of somebody else's is there.
    func install(in repository: String) throws(Failure) {
        let folder = "\(repository)/hooks"
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw Self.failure("make", folder)
        }
        for name in ["pre-receive", "post-receive"] { try checkOwn("\(folder)/\(name)") }
        let places =
            "--branch \(Self.quoted(settings.branch)) --state \(Self.quoted(settings.state))"
            + " --socket \(Self.quoted(settings.socket))"
        try write(
            "hook pre-receive \(places) --plan-timeout \(settings.planTimeout)",
            to: "\(folder)/pre-receive")
        try write("hook post-receive \(places)", to: "\(folder)/post-receive")
    }

    private func checkOwn(_ path: String) throws(Failure) {
        guard let data = try? Data(contentsOf: URL(filePath: path)),
            !String(decoding: data, as: UTF8.self).contains(Self.mark)
        else { return }
        throw .stalled(
            .init(
                "there is another hook at \(path)",
                fix: "take it away, or call it from one of your own; then run this again"))
    }

    private func write(_ arguments: String, to path: String) throws(Failure) {
        let text = """
            #!/bin/sh
            \(Self.mark); run that again to change it.
            exec \(Self.quoted(settings.program)) \(arguments)

            """
        try PrivateFile.write(Array(text.utf8), to: path)
        guard chmod(path, 0o755) == 0 else { throw Self.failure("make executable", path) }
    }

    /// One word of a POSIX shell: within single quotes every character stands for itself.
    private static func quoted(_ word: String) -> String {
        "'"
            + word.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        .stalled(.init("cannot \(verb) \(path): \(String(cString: strerror(errno)))"))
    }
}
