import ArgumentParser
import Control
import Diagnostics
import Resources

/// `stead forget SERVER`: gives up a server that is gone for good.
struct ForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Give up a server that is gone for good, and all that Stead owns on it.",
        discussion: """
            For a machine that will not come back, once its document and those of what is on it \
            are out of git. No host is touched: should it come back, what is there is nobody's. \
            The audit log says what was given up, by whom and why.
            """)

    @Argument(help: "The server, as web-1 or server/web-1.")
    var server: String

    @Option(help: "Why; required.")
    var reason: String

    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions
    @OptionGroup var output: FormatOptions

    private var name: String {
        server.hasPrefix("server/") ? String(server.dropFirst("server/".count)) : server
    }

    func validate() throws {
        if name.isEmpty || name.contains("/") || name.contains(":") {
            throw ValidationError("\(server) is no server: name it as web-1 or server/web-1")
        }
        if reason.isEmpty {
            throw ValidationError("say why with --reason: whoever is on duty next will ask")
        }
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            _ = try state.existing()
            let desk = ControllerDesk(socket: socket.path(in: state), state: state.path)
            let answer = try await desk.forget(server: name, because: reason)
            switch output.format {
            case .json: try console.json(answer)
            case .text:
                let others = answer.forgotten.filter { $0.kind != "server" }
                for address in others { console.result("\(address)  forgotten\n") }
                console.message(
                    "server/\(name) is forgotten, with \(others.count.counted("resource")); "
                        + "nothing was done on it")
            }
        }
    }
}
