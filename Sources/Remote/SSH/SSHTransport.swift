package import Diagnostics

/// Opens connections over SSH.
package struct SSHTransport: Transport {
    package init() {}

    /// - Throws: `stalled` when the route has jumps: a pool opens those, see `ConnectionPool`.
    package func connect(_ route: HostRoute) async throws(Failure) -> any HostConnection {
        try await connect(route, through: nil)
    }

    /// Connects, checks the pinned key, then signs in; in that order.
    package func connect(_ route: HostRoute, through jump: (any HostConnection)?)
        async throws(Failure) -> any HostConnection
    {
        if let last = route.lastJump, !(jump is SSHConnection) {
            throw .stalled(
                .init(
                    "\(route.label): cannot jump through \(last.name), which is not reached by SSH")
            )
        }
        let connection = try SSHConnection(route)
        try await connection.open(through: jump as? SSHConnection)
        return connection
    }
}
