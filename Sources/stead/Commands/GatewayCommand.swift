import ArgumentParser
import Diagnostics
import Gateway
import Glibc
import Supervising

/// `stead gateway`: serves the APIs of all published apps.
struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Serve the REST APIs of the apps that were applied.",
        discussion: """
            Reads the releases that `stead apply` publishes in the state folder, and nothing else: \
            a new one is served within a second, without a restart. It is ready when /readyz says \
            200; /healthz and /metrics (Prometheus) are there too. SIGTERM ends it once the \
            requests under way are answered; SIGHUP has it read all releases, keys and passwords \
            anew, and open its access log again.
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

    @OptionGroup var lifeline: LifelineOptions

    func validate() throws {
        guard (1...3600).contains(idleTimeout) else {
            throw ValidationError("--idle-timeout takes 1 to 3600 seconds")
        }
    }

    func run() async throws {
        let console = Console()
        let notice = ServiceNotice.taken()
        try await console.reporting {
            try lifeline.hold()
            let address = try ListenAddress(listen)
            let (host, port) = (address.host, address.port)
            var settings = GatewayServer.Settings(
                host: host, port: port, stateFolder: state.path,
                accessLogDescriptor: try descriptor())
            settings.reopenAccessLog = { [accessLog] descriptor throws(Failure) in
                try Self.reopen(accessLog, as: descriptor)
            }
            settings.idleSeconds = idleTimeout
            let probe = HealthProbe(.address(host: host, port: port))
            try await GatewayServer(settings).run(
                beside: port > 0 ? [NoticeService(notice: notice, probe: probe)] : []
            ) { event in
                switch event {
                case .listening(let port):
                    console.message("listening on \(host):\(port)")
                    notice.ready()
                case .reloading: notice.reloading()
                case .reloaded: notice.ready()
                }
            }
        }
    }

    private func descriptor() throws(Failure) -> Int32? {
        switch accessLog {
        case "-": return STDOUT_FILENO
        case "none": return nil
        default: return try Self.openFile(accessLog)
        }
    }

    private static func openFile(_ path: String) throws(Failure) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw .stalled(
                .init("cannot write \(path): \(String(cString: strerror(errno)))"))
        }
        return descriptor
    }

    /// Puts the file of that name in the place of the one that was opened before, which may have
    /// another name by now.
    private static func reopen(_ path: String, as former: Int32) throws(Failure) {
        guard former != STDOUT_FILENO else { return }
        let descriptor = try openFile(path)
        defer { close(descriptor) }
        guard dup2(descriptor, former) >= 0, fcntl(former, F_SETFD, FD_CLOEXEC) == 0 else {
            throw .transient(
                .init("cannot write \(path): \(String(cString: strerror(errno)))"))
        }
    }
}
