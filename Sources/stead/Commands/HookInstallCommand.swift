import ArgumentParser
import Diagnostics
import FoundationEssentials
import Glibc
import Manifests
import Resources
import Storage

/// `stead hook install PATH.git`: a repository whose pushes are validated, planned and applied.
struct HookInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Make a repository to push to, or prepare one that is there.",
        discussion: """
            A push to the branch is validated and planned before it is taken, and the pusher sees \
            both; what is invalid, deletes the branch or rewrites it is rejected. Once taken, the \
            controller applies it, and the pusher sees how it goes. Pushes to other branches are \
            validated, and taken whatever comes of it.

            Hooks run as the user who pushes: have people push as the user that the controller \
            runs as.
            """)

    @Argument(help: "The bare repository's folder; made when it is not there.")
    var repository: String

    @Option(help: "The branch that the controller follows; by default the one that HEAD names.")
    var branch: String?

    @Option(
        help: "How long a push waits for its plan: 60s, 5m; 0s for no plan.",
        transform: { text in
            guard DurationText.seconds(text) != nil else {
                throw ValidationError("--plan-timeout takes a duration such as 30s or 5m")
            }
            return text
        })
    var planTimeout = "60s"

    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let path = Self.absolute(repository)
            let head = try BareRepository.prepare(at: path, branch: branch)
            let branch = branch ?? head
            // Makes the folder as it has to be, for whoever installs this.
            _ = try StateStore(folder: state.path, access: .readWrite)
            let folder = Self.absolute(state.path)
            let scripts = HookScripts(
                settings: .init(
                    program: Self.absolute(OwnProgram.path), branch: branch, state: folder,
                    socket: Self.absolute(socket.path(in: state)), planTimeout: planTimeout))
            try scripts.install(in: path)
            console.result("\(path) takes pushes to \(branch).\n")
            console.message(
                """
                Start the controller, if none runs:
                  stead controller --repo \(path) --ref \(branch) --state \(folder)
                Then, where your tree is:
                  git push \(path) \(branch)
                """)
        }
    }

    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        return "\(FileManager.default.currentDirectoryPath)/\(path)"
    }
}
