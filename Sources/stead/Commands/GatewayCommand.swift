import ArgumentParser
import Diagnostics
import Gateway
import Glibc

/// `stead gateway`: serves the APIs of all published apps.
struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Serve the REST APIs of the apps that were applied.",
        discussion: """
            Reads the releases that `stead apply` publishes in the state folder, and nothing else: \
            a new one is served within a second, without a restart. It is ready when /readyz says \
            200; /healthz and /metrics (Prometheus) are there too. SIGTERM ends it once the \
            requests under way are answered.
            """)

    @Option(help: "Where to listen. Port 0 stands for a free one, which is then printed.")
    var listen = "127.0.0.1:8080"

    @OptionGroup var state: StateOptions

    @Option(help: "Where the access log goes: - for standard output, none, or a file.")
    var accessLog = "-"

    @Option(
        help: """
            After so many seconds a client that sends no request, or sends one too slowly, is cut \
            off. A body may take a second more for each 16 KiB.
            """)
    var idleTimeout = 60

    func validate() throws {
        guard (1...3600).contains(idleTimeout) else {
            throw ValidationError("--idle-timeout takes 1 to 3600 seconds")
        }
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let address = try ListenAddress(listen)
            let (host, port) = (address.host, address.port)
            var settings = GatewayServer.Settings(
                host: host, port: port, stateFolder: state.path,
                accessLogDescriptor: try descriptor())
            settings.idleSeconds = idleTimeout
            try await GatewayServer(settings).run { port in
                console.message("listening on \(host):\(port)")
            }
        }
    }

    private func descriptor() throws(Failure) -> Int32? {
        switch accessLog {
        case "-": return STDOUT_FILENO
        case "none": return nil
        default:
            let descriptor = open(accessLog, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else {
                throw .stalled(
                    .init("cannot write \(accessLog): \(String(cString: strerror(errno)))"))
            }
            return descriptor
        }
    }
}
