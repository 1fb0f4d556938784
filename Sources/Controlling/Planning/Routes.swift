import Diagnostics
package import Remote
package import Resources

/// The ways to the servers of a tree.
package struct Routes: Sendable {
    private let servers: [String: ServerSpec]

    package init(_ servers: [String: ServerSpec]) {
        self.servers = servers
    }

    /// The way to a server through those it names with `via`; nil for a server nobody declares, or
    /// whose way leads through one.
    package func route(to name: String) -> HostRoute? {
        var jumps: [HostRoute] = []
        var next = servers[name]?.via
        while let jump = next {
            // Loading refuses loops; this only keeps from hanging on a tree that was not loaded.
            guard let server = servers[jump], jumps.count < servers.count else { return nil }
            jumps.insert(HostRoute(name: jump, server: server), at: 0)
            next = server.via
        }
        return servers[name].map { HostRoute(name: name, server: $0, jumps: jumps) }
    }
}
