/// What every observation learns about a host on the way, at no cost of its own.
package struct HostFacts: Sendable, Equatable, Codable {
    /// What starts services on the host.
    package enum Init: String, Sendable, Codable {
        case systemd
        case openrc
        /// busybox init, a container's entry point, …
        case other
    }

    package var initSystem: Init
    /// Whether `/etc/cron.d` exists; without it jobs live in users' crontabs (busybox, Alpine).
    package var hasCronDirectory: Bool

    package init(initSystem: Init = .other, hasCronDirectory: Bool = false) {
        self.initSystem = initSystem
        self.hasCronDirectory = hasCronDirectory
    }
}
