package import Diagnostics

/// Opens connections to the machine that Stead runs on: processes, no network.
package struct LocalTransport: Transport {
    package init() {}

    /// Opens nothing: each script gets a shell of its own.
    package func connect(_ route: HostRoute) async throws(Failure) -> any HostConnection {
        try LocalConnection(route)
    }
}
