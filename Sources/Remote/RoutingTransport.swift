package import Diagnostics
import Resources

/// Opens each server's connection by the transport that its document names.
package struct RoutingTransport: Transport {
    private let local: any Transport
    private let ssh: any Transport

    package init(local: any Transport = LocalTransport(), ssh: any Transport = SSHTransport()) {
        self.local = local
        self.ssh = ssh
    }

    /// Opens a connection by the transport that the server names.
    package func connect(_ route: HostRoute) async throws(Failure) -> any HostConnection {
        try await connect(route, through: nil)
    }

    /// The same, through an open connection to the last jump host.
    package func connect(_ route: HostRoute, through jump: (any HostConnection)?)
        async throws(Failure) -> any HostConnection
    {
        switch route.server.transport {
        case .local: try await local.connect(route)
        case .ssh: try await ssh.connect(route, through: jump)
        }
    }
}
