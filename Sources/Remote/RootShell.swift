import Diagnostics
import Glibc
import Resources

/// The shell that runs scripts on a host: `sh -s`, as root where the server says so.
struct RootShell {
    private let server: ServerSpec
    private let label: String

    init(_ route: HostRoute) {
        server = route.server
        label = route.label
    }

    /// The command for an exec request, free of anything that a login shell could read otherwise.
    var command: String { arguments(becomesRoot: becomesRoot).joined(separator: " ") }

    /// The command for a process of this machine: no `sudo` for who is root already.
    var localArguments: [String] { arguments(becomesRoot: becomesRoot && geteuid() != 0) }

    private var becomesRoot: Bool { server.become == .sudo }

    private func arguments(becomesRoot: Bool) -> [String] {
        (becomesRoot ? ["sudo", "-n", "--"] : []) + ["sh", "-s"]
    }

    /// Why root was not to be had; nil when the shell did run. `sudo` speaks only on standard
    /// error, and before anything of the script has run.
    func refusal(status: Int, output: [UInt8], errorOutput: [UInt8]) -> Failure? {
        guard becomesRoot, status != 0, output.isEmpty else { return nil }
        let text = String(decoding: errorOutput, as: UTF8.self)
        let isMissing = status == 127 && text.contains("sudo")
        guard isMissing || text.hasPrefix("sudo:") else { return nil }
        let user = server.user
        return .stalled(
            .init(
                isMissing
                    ? "\(label): sudo is not installed" : "\(label): \(user) may not become root",
                detail: text.split(whereSeparator: \.isNewline).joined(separator: "\n"),
                fix: isMissing
                    ? "install sudo on the host, or sign in as root"
                    : "write `\(user) ALL=(root) NOPASSWD: ALL` to /etc/sudoers.d/\(user) "
                        + "on the host (with `visudo -f`)"))
    }

    /// Why a shell that was to stay open has ended.
    func ending(status: Int, output: [UInt8], errorOutput: [UInt8]) -> Failure {
        if let failure = refusal(status: status, output: output, errorOutput: errorOutput) {
            return failure
        }
        let text = String(decoding: errorOutput.suffix(2000), as: UTF8.self)
        return .transient(
            .init(
                "\(label): the shell ended by itself with status \(status)",
                detail: text.isEmpty ? nil : text))
    }
}
