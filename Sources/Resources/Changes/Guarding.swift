/// Which changes are guarded: made so that the host undoes them by itself unless a new connection
/// confirms them in time.
package struct Guarding: Sendable {
    /// How long the host waits.
    package let timeoutSeconds: Int
    /// The servers that are reached over a network: the others have no access to lose.
    private let servers: Set<String>

    /// Nothing is guarded.
    package static let nothing = Guarding(Settings.Guard(), servers: [:])

    /// By what the settings and the servers say.
    package init(_ settings: Settings.Guard, servers: [String: ServerSpec]) {
        timeoutSeconds = settings.timeoutSeconds
        self.servers = Set(servers.filter { $0.value.transport == .ssh }.keys)
    }

    /// Whether a change of the resource is guarded: its document says so, or it writes what
    /// signing in depends on.
    package func covers(_ resource: any Resource) -> Bool {
        guard servers.contains(resource.server) else { return false }
        return resource.isGuarded ?? resource.guardedPaths.contains(where: Self.isAccess)
    }

    /// What a plan says of a change of the resource.
    package func notes(on resource: any Resource) -> [String] {
        guard covers(resource) else { return [] }
        return [
            "guarded: undone by the host unless a new connection confirms within "
                + "\(timeoutSeconds)s"
        ]
    }

    /// Whether signing in, becoming root or the way to the host may depend on a path.
    static func isAccess(_ path: String) -> Bool {
        files.contains(path) || beginnings.contains { path.hasPrefix($0) }
            || path.contains("/.ssh/")
    }

    private static let files: Set<String> = [
        "/etc/group", "/etc/gshadow", "/etc/hosts.allow", "/etc/hosts.deny", "/etc/nsswitch.conf",
        "/etc/passwd", "/etc/shadow", "/etc/shells", "/etc/sudo.conf", "/etc/sudoers",
        "/etc/sysctl.conf",
    ]

    /// Folders, and the beginnings of names.
    private static let beginnings = [
        "/etc/NetworkManager/", "/etc/conf.d/net", "/etc/conf.d/sshd", "/etc/default/ssh",
        "/etc/fail2ban/", "/etc/firewalld/", "/etc/init.d/net", "/etc/init.d/ssh", "/etc/iptables",
        "/etc/netplan/", "/etc/network/", "/etc/nftables", "/etc/pam.d/", "/etc/security/",
        "/etc/ssh/", "/etc/sudoers.d/", "/etc/sysctl.d/", "/etc/systemd/network/",
        "/etc/systemd/system/ssh", "/etc/ufw/", "/etc/wireguard/",
    ]
}

extension Resource {
    /// The paths that its steps may write: what a guarded change keeps copies of.
    package var guardedPaths: [String] {
        var paths = claims.filter { $0.space == .path }.map(\.value)
        for look in looks {
            switch look {
            case .file(let path, _), .link(let path, _): paths.append(path)
            case .crontab(let user): paths.append(FileCommands.crontabDirectory + "/" + user)
            case .command, .database: break
            }
        }
        var seen: Set<String> = []
        return paths.filter { seen.insert($0).inserted }
    }
}

extension DesiredState {
    /// Which changes are guarded.
    package var guarding: Guarding { Guarding(settings.guard, servers: servers) }
}
