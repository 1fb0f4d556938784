import Diagnostics
import Remote
import Resources

/// The machine that services are installed on: makes users and folders, enables and starts.
struct ServiceMachine {
    private let manager: ServiceSettings.Manager
    private let settings: ServiceSettings

    init(_ manager: ServiceSettings.Manager, _ settings: ServiceSettings) {
        self.manager = manager
        self.settings = settings
    }

    /// Makes users and folders, and has the manager read the files.
    func prepare() async throws(Failure) {
        switch manager {
        case .systemd:
            try await run(
                """
                systemd-sysusers /etc/sysusers.d/stead.conf
                systemd-tmpfiles --create /etc/tmpfiles.d/stead.conf
                systemctl daemon-reload
                """)
        case .openrc:
            let words = [
                settings.user, settings.gatewayUser, settings.state, settings.socketGroup ?? "",
            ]
            let values = words.map(OpenRCScripts.quoted).joined(separator: " ")
            try await run("set -- \(values)\n" + OpenRCScripts.usersScript)
            try await run(OpenRCScripts(settings: settings).foldersScript)
        }
    }

    func enable() async throws(Failure) {
        switch manager {
        case .systemd: try await run("systemctl enable " + units)
        case .openrc:
            for name in OpenRCScripts.names { try await run("rc-update add \(name) default") }
        }
    }

    /// Starts both, or starts them anew.
    func start() async throws(Failure) {
        switch manager {
        case .systemd: try await run("systemctl restart " + units)
        case .openrc:
            for name in OpenRCScripts.names { try await run("rc-service \(name) restart") }
        }
    }

    /// Stops both, and has neither start again; what isn't there is no failure.
    func stop() async throws(Failure) {
        switch manager {
        case .systemd: try await run("systemctl disable --now \(units) 2>/dev/null || :")
        case .openrc:
            for name in OpenRCScripts.names {
                try await run(
                    """
                    [ -e /etc/init.d/\(name) ] || exit 0
                    rc-service --ifstarted \(name) stop
                    rc-update -q del \(name) || :
                    """)
            }
        }
    }

    /// Has the manager see that the files are gone.
    func forget() async throws(Failure) {
        if manager == .systemd { try await run("systemctl daemon-reload") }
    }

    /// What a person does next.
    func next(isEnabled: Bool, isStarted: Bool) -> String {
        let keys = ServiceSettings.configuration + "/keys"
        var lines = [
            "The controller runs as \(settings.user), the gateway as \(settings.gatewayUser).",
            "Keys to the hosts belong in \(keys), for \(settings.user) alone:",
            "  install -m 600 -o \(settings.user) id_ed25519 \(keys)/",
        ]
        if !isEnabled || !isStarted {
            let start =
                switch manager {
                case .systemd: ["systemctl enable --now \(units)"]
                case .openrc:
                    OpenRCScripts.names.flatMap {
                        ["rc-update add \($0) default", "rc-service \($0) start"]
                    }
                }
            lines += ["Then start them:"] + start.map { "  \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    private var units: String { SystemdUnits.names.joined(separator: " ") }

    private func run(_ script: String) async throws(Failure) {
        var server = ServerSpec()
        server.transport = .local
        let route = HostRoute(name: "here", server: server)
        let connection = try await LocalTransport().connect(route)
        let result: Result<RunResult, Failure>
        do throws(Failure) {
            let limits = RunLimits(timeoutSeconds: 300, outputBytes: 1 << 20)
            // Read whole before it runs: what it starts could read the rest of it otherwise.
            let whole = "{ set -eu\n\(script)\n} </dev/null\n"
            result = .success(try await connection.run(Array(whole.utf8), limits: limits))
        } catch {
            result = .failure(error)
        }
        await connection.close()
        let answer = try result.get()
        guard answer.status == 0 else {
            let output = String(decoding: answer.output + answer.errorOutput, as: UTF8.self)
            throw .stalled(
                .init(
                    "`\(script.prefix { !$0.isNewline })` ended with status \(answer.status)",
                    detail: output))
        }
    }
}
