import ArgumentParser
import Diagnostics
import FoundationEssentials
import Glibc
import Logging
import Resources
import Supervising
import Synchronization
import UnixSignals

/// `stead up`: the controller and the gateway, kept running.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run the controller and the gateway, and start again what dies.",
        discussion: """
            Each is a process of its own, asked every few seconds whether it is well. One that \
            ends, or does not answer any more, is started again, ever later while it goes on to \
            fail; the other is left alone. SIGHUP has both read their settings again; SIGTERM and \
            SIGINT let what is under way come to its end. None outlives this process.

            Under systemd or OpenRC, `stead install-service` has them run as users of their own.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions

    @Option(help: "Where the controller listens for webhooks, health and metrics: HOST:PORT.")
    var controllerListen: String?

    @Option(help: "A group whose members may use the control socket.")
    var socketGroup: String?

    @Option(help: "Where the gateway listens: HOST:PORT.")
    var gatewayListen = "127.0.0.1:8080"

    @Option(help: "Where the gateway's access log goes: - for standard output, none, or a file.")
    var accessLog = "-"

    @Option(help: "How messages are written: text or json.")
    var log = LogFormat.text

    @Option(
        help: "How often each is asked whether it is well: 5s, 1m.",
        transform: { try Self.duration($0, "--health-interval") })
    var healthInterval = Duration.seconds(5)

    @Option(
        help: "How long one may take to end after SIGTERM, before SIGKILL.",
        transform: { try Self.duration($0, "--drain-timeout") })
    var drainTimeout = Duration.seconds(120)

    func validate() throws {
        for address in [controllerListen, gatewayListen].compactMap(\.self) {
            let port = try ListenAddress(address).port
            guard port > 0 else { throw ValidationError("\(address): the port has to be named") }
        }
    }

    func run() async throws {
        let console = Console()
        let notice = ServiceNotice.taken()
        try await console.reporting {
            let output = LogOutput(format: log)
            var rules = SupervisionRules()
            rules.healthInterval = healthInterval
            rules.drainTimeout = drainTimeout
            let programs = try programs()
            let watch = ReadinessWatch(programs.map(\.name), notice)
            let supervisor = Supervisor(programs, rules) { name, line in
                output.pass(line, of: name)
            } telling: { name, event in
                output.write(
                    event.isTrouble ? .warning : .info, "\(name) \(event.message)",
                    [("event", "supervisor"), ("subject", name)])
                watch.take(event, of: name)
            }
            let signals = Task { await Self.obey(supervisor, notice) }
            let life = Task { await Self.live(notice) }
            let isGood = await supervisor.run()
            signals.cancel()
            life.cancel()
            if !isGood {
                throw Failure.stalled(.init("not everything has ended well; see above"))
            }
        }
    }

    /// What is kept running.
    private func programs() throws(Failure) -> [SupervisedProgram] {
        let program = OwnProgram.path
        let address: ListenAddress
        do { address = try ListenAddress(gatewayListen) } catch {
            throw .stalled(.init("\(error)"))
        }
        let controlSocket = socket.path(in: state)
        let common = ["--lifeline", "--state", state.path]
        return [
            SupervisedProgram(
                name: "controller",
                arguments: [program, "controller"] + common + [
                    "--repo", source.repo, "--socket", controlSocket, "--log", log.rawValue,
                ] + Self.option("--ref", source.ref) + Self.option("--socket-group", socketGroup)
                    + Self.option("--listen", controllerListen),
                probe: HealthProbe(.socket(controlSocket))),
            SupervisedProgram(
                name: "gateway",
                arguments: [program, "gateway"] + common + [
                    "--listen", gatewayListen, "--access-log", accessLog,
                ],
                probe: HealthProbe(.address(host: address.host, port: address.port))),
        ]
    }

    private static func obey(_ supervisor: Supervisor, _ notice: ServiceNotice) async {
        for await signal in await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint) {
            if signal == .sighup {
                notice.reloading()
                await supervisor.reload()
                notice.ready()
            } else {
                notice.stopping()
                await supervisor.stop()
            }
        }
    }

    private static func live(_ notice: ServiceNotice) async {
        guard let watchdog = notice.watchdog else { return }
        while !Task.isCancelled {
            notice.alive()
            try? await Task.sleep(for: watchdog / 2)
        }
    }

    private static func option(_ name: String, _ value: String?) -> [String] {
        value.map { [name, $0] } ?? []
    }

    private static func duration(_ text: String, _ option: String) throws -> Duration {
        guard let seconds = DurationText.seconds(text), seconds > 0 else {
            throw ValidationError("\(option) takes a duration such as 5s or 2m")
        }
        return .seconds(seconds)
    }
}

/// Tells the service manager how the programs are, and that all is started once each of them has
/// either answered or failed: one that can't run must not keep the other from being looked after.
private final class ReadinessWatch: Sendable {
    private struct State {
        var words: [String: String] = [:]
        var isTold = false
    }

    private let names: [String]
    private let notice: ServiceNotice
    private let state = Mutex(State())

    init(_ names: [String], _ notice: ServiceNotice) {
        self.names = names
        self.notice = notice
    }

    func take(_ event: SupervisorEvent, of name: String) {
        let word: String
        switch event {
        case .started: return
        case .answers: word = "runs"
        case .ready(let isReady): word = isReady ? "is ready" : "is not ready"
        case .hangs, .overdue: word = "hangs"
        case .ended: word = "fails"
        case .stopped: word = "has ended"
        }
        state.withLock { state in
            state.words[name] = word
            let text = names.compactMap { name in state.words[name].map { "\(name) \($0)" } }
            notice.status(text.joined(separator: ", "))
            guard !state.isTold, state.words.count == names.count else { return }
            state.isTold = true
            notice.ready()
        }
    }
}
