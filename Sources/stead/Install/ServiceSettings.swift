/// What the machine's service manager is told of Stead.
struct ServiceSettings: Sendable {
    /// The service managers that are known.
    enum Manager: String, CaseIterable, Sendable {
        case systemd, openrc
    }

    /// This program's file on the machine.
    var program = "/usr/local/bin/stead"
    /// A URL, or the absolute path of a repository.
    var repository = ""
    var ref: String?
    /// The state folder, absolute.
    var state = "/var/lib/stead"
    /// Who the controller runs as; its group has the same name.
    var user = "stead"
    /// Who the gateway runs as; its group has the same name, and shares parts of the state.
    var gatewayUser = "stead-gateway"
    /// HOST:PORT; nil for no listener.
    var controllerListen: String?
    /// HOST:PORT.
    var gatewayListen = "127.0.0.1:8080"
    /// Whose members may use the controller's socket.
    var socketGroup: String?

    /// What is under `/etc/stead`: keys to the hosts, and files with environment variables.
    static let configuration = "/etc/stead"
    /// What every file begins with that is written: only such ones are removed.
    static let mark = "# Written by `stead install-service`."

    /// The controller's words after the program's name.
    var controllerArguments: [String] {
        ["controller", "--repo", repository] + (ref.map { ["--ref", $0] } ?? [])
            + ["--state", state] + (controllerListen.map { ["--listen", $0] } ?? [])
            + (socketGroup.map { ["--socket-group", $0] } ?? [])
    }

    /// The gateway's words after the program's name.
    var gatewayArguments: [String] {
        ["gateway", "--state", state, "--listen", gatewayListen]
    }

    /// The state's folders: path, mode, owner. The group is the gateway's everywhere: what is made
    /// there may be used by it as the folder may.
    var folders: [(path: String, mode: String)] {
        // Who may use the socket has to get to it.
        [
            (state, socketGroup == nil ? "2750" : "2751"), (state + "/keys", "2750"),
            (state + "/databases", "2770"),
        ]
    }
}

/// A file to be written.
struct ServiceFile: Sendable, Equatable {
    /// Absolute.
    var path: String
    var text: String
    var isExecutable = false
}
