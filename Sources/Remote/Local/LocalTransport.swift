package import Diagnostics

/// Opens connections to the machine that Stead runs on: processes, no network.
package struct LocalTransport: Transport {
    package init() {}

    package func connect(_ route: HostRoute) async throws(Failure) -> any HostConnection {
        try LocalConnection(route)
    }
}
