/// What a `Server` document says: how to reach a machine, and what is on it.
///
/// Lives here and not in its kind because transports and other kinds need it too.
package struct ServerSpec: Sendable, Equatable, Codable {
    /// How scripts get to the machine.
    package enum Transport: String, Sendable, Codable, CaseIterable {
        case ssh
        /// The machine that Stead itself runs on; no connection is made.
        case local
    }

    /// How to get root.
    package enum Become: String, Sendable, Codable, CaseIterable {
        /// `sudo -n`: never asks for a password.
        case sudo
    }

    package var transport = Transport.ssh
    /// Name or address to connect to; nil only for the local transport.
    package var host: String?
    package var port = 22
    /// The user to sign in as; `root` when omitted.
    package var user = "root"
    package var become: Become?
    /// Path of a private key on the controller; nil asks the ssh-agent.
    package var identityFile: String?
    /// The pinned host key: `ssh-ed25519 AAAA…`, as in `known_hosts`.
    package var hostKey: String?
    /// The server to jump through.
    package var via: String?
    package var vpnAddress: String?
    package var provides: [String] = []
    package var nginx = NginxSpec()
    package var connectTimeoutSeconds = 10
    package var commandTimeoutSeconds = 60

    package init() {}
}

/// Where a server's nginx lives and how to speak to it.
package struct NginxSpec: Sendable, Equatable, Codable {
    /// Holds `sites-available` and `sites-enabled`.
    package var directory = "/etc/nginx"
    /// A shell command that tests the configuration.
    package var test = "nginx -t"
    /// A shell command that makes nginx read it; nil picks one by the host's init system.
    package var reload: String?

    package init() {}
}
