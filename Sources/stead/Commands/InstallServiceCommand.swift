import ArgumentParser
import Diagnostics
import FoundationEssentials
import Glibc

/// `stead install-service`: the controller and the gateway as services of this machine.
struct InstallServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install-service",
        abstract: "Have systemd or OpenRC run the controller and the gateway.",
        discussion: """
            Writes a service for each, with users of their own and no rights but those they need, \
            and makes the users and the state's folders. Nothing is enabled or started unless you \
            say so. What is there already and differs is shown, and only replaced with --force. \
            Run it again with other options to change something.
            """)

    @Option(
        name: .customLong("init"),
        help: "systemd or openrc; by default the one that runs this machine.",
        transform: { text in
            guard let manager = ServiceSettings.Manager(rawValue: text) else {
                throw ValidationError("--init takes systemd or openrc")
            }
            return manager
        })
    var namedManager: ServiceSettings.Manager?

    @Option(help: "Write below this folder instead of /, and do nothing else.")
    var root = "/"

    @Option(help: "What the controller follows: a URL, or the absolute path of a repository.")
    var repo: String?

    @Option(help: "The branch; HEAD when omitted.")
    var ref: String?

    @Option(help: "The state folder.")
    var state = "/var/lib/stead"

    @Option(help: "Who the controller runs as; made if need be, with a group of that name.")
    var user = "stead"

    @Option(help: "Who the gateway runs as; made if need be, with a group of that name.")
    var gatewayUser = "stead-gateway"

    @Option(help: "Where the controller listens for webhooks, health and metrics, or `none`.")
    var controllerListen = "127.0.0.1:8090"

    @Option(help: "Where the gateway listens.")
    var gatewayListen = "127.0.0.1:8080"

    @Option(help: "A group whose members may use the control socket; made if need be.")
    var socketGroup: String?

    @Option(help: "The program's file on the machine; this one by default.")
    var program: String?

    @Flag(name: .customLong("print"), help: "Show the files, and write nothing.")
    var isShown = false

    @Flag(help: "Replace files that differ.")
    var force = false

    @Flag(help: "Have both start with the machine.")
    var enable = false

    @Flag(help: "Start both, or start them anew.")
    var start = false

    @Flag(help: "Stop both, and remove the files; users and the state stay.")
    var remove = false

    func validate() throws {
        guard root.hasPrefix("/"), state.hasPrefix("/"), program?.hasPrefix("/") ?? true else {
            throw ValidationError("--root, --state and --program take absolute paths")
        }
        if root != "/", enable || start {
            throw ValidationError("with --root nothing can be enabled or started")
        }
        guard !remove else { return }
        guard let repo else {
            throw ValidationError("say with --repo what the controller follows")
        }
        guard repo.hasPrefix("/") || repo.contains("://") || repo.contains("@") else {
            throw ValidationError(
                "--repo takes a URL or an absolute path: a service has no current folder")
        }
        let addresses = (controllerListen == "none" ? [] : [controllerListen]) + [gatewayListen]
        for address in addresses where try ListenAddress(address).port == 0 {
            throw ValidationError("\(address): the port has to be named")
        }
        try checkNames()
    }

    /// What stands in files of several languages is not worth being clever about.
    private func checkNames() throws {
        for name in [user, gatewayUser, socketGroup].compactMap(\.self) {
            guard name.count <= 31, let first = name.utf8.first, first > 0x39,
                name.utf8.allSatisfy(Self.isPlain)
            else { throw ValidationError("`\(name)` is no name for a user or a group") }
        }
        guard user != gatewayUser else {
            throw ValidationError("the gateway must not be the user who has the keys to the hosts")
        }
        guard state.count > 1, state.utf8.allSatisfy({ Self.isPlain($0) || "/.".utf8.contains($0) })
        else {
            throw ValidationError("--state takes a path of letters, digits, and - _ . /")
        }
        let words = [repo, ref, program].compactMap(\.self)
        for word in words where word.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            throw ValidationError("options take no control characters")
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x30 && byte <= 0x39 || byte >= 0x61 && byte <= 0x7A
            || byte >= 0x41 && byte <= 0x5A || byte == 0x2D || byte == 0x5F
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let manager = try manager()
            let settings = settings
            let files =
                switch manager {
                case .systemd: SystemdUnits(settings: settings).files
                case .openrc: OpenRCScripts(settings: settings).files
                }
            if isShown { return show(files, console) }
            let installation = ServiceInstallation(
                root: root == "/" ? "" : root.hasSuffix("/") ? String(root.dropLast()) : root,
                files: files)
            if root == "/", geteuid() != 0 {
                throw Failure.stalled(
                    .init("services are installed by root", fix: "run it with sudo, or see --root"))
            }
            let machine = root == "/" ? ServiceMachine(manager, settings) : nil
            if remove { return try await takeAway(installation, machine, console) }
            try install(installation, console)
            warn(settings, console)
            guard let machine else {
                return console.message("Written below \(root); no user was made, nothing started.")
            }
            try await machine.prepare()
            if enable { try await machine.enable() }
            if start { try await machine.start() }
            console.message(machine.next(isEnabled: enable, isStarted: start))
        }
    }

    private var settings: ServiceSettings {
        var settings = ServiceSettings()
        settings.program = program ?? OwnProgram.path
        settings.repository = repo ?? ""
        settings.ref = ref
        settings.state = state.count > 1 && state.hasSuffix("/") ? String(state.dropLast()) : state
        settings.user = user
        settings.gatewayUser = gatewayUser
        settings.controllerListen = controllerListen == "none" ? nil : controllerListen
        settings.gatewayListen = gatewayListen
        settings.socketGroup = socketGroup
        return settings
    }

    /// The one that was named, or the one that runs here.
    private func manager() throws -> ServiceSettings.Manager {
        if let namedManager { return namedManager }
        if access("/run/systemd/system", F_OK) == 0 { return .systemd }
        if access("/run/openrc", F_OK) == 0 || access("/sbin/openrc-run", F_OK) == 0 {
            return .openrc
        }
        throw ValidationError("neither systemd nor OpenRC runs here: name one with --init")
    }

    private func show(_ files: [ServiceFile], _ console: Console) {
        for (index, file) in files.enumerated() {
            console.result((index == 0 ? "" : "\n") + "==> \(file.path) <==\n" + file.text)
        }
    }

    /// Writes all files, or none when one of them differs and may not be replaced.
    private func install(_ installation: ServiceInstallation, _ console: Console) throws {
        var isHeld = false
        var missing: [ServiceFile] = []
        for file in installation.files {
            switch try installation.standing(of: file) {
            case .missing:
                console.result("+ \(file.path)\n")
                missing.append(file)
            case .unchanged: console.result("= \(file.path)\n")
            case .different(let text):
                console.result("~ \(file.path)\n\(Terminal.sanitized(text))")
                if force { missing.append(file) } else { isHeld = true }
            }
        }
        guard !isHeld else {
            throw Failure.stalled(
                .init(
                    "what is there differs; nothing was written",
                    fix: "--force replaces it; own changes to units belong in `systemctl edit`, "
                        + "where they stay"))
        }
        for file in missing { try installation.write(file) }
    }

    private func warn(_ settings: ServiceSettings, _ console: Console) {
        let hidden = ["/home/", "/root/", "/tmp/", "/var/tmp/"]
        for path in [settings.program, settings.repository]
        where hidden.contains(where: path.hasPrefix) {
            console.warn("a service sees nothing of \(path): put it elsewhere, as in /srv or /usr")
        }
    }

    private func takeAway(
        _ installation: ServiceInstallation, _ machine: ServiceMachine?, _ console: Console
    ) async throws {
        try await machine?.stop()
        for file in installation.files where try installation.remove(file) {
            console.result("- \(file.path)\n")
        }
        try await machine?.forget()
        console.message("Users and the state folder stay as they are.")
    }
}
