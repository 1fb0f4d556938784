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

/// Where resources are worked on.
package enum Place: Sendable {
    case host(HostRoute)
    /// The databases of one app; their looks and steps say which.
    case database(String)

    /// Whether a name is that of databases; no server can be called so.
    package static func isDatabase(_ name: String) -> Bool { name.hasPrefix("database:") }

    /// What plans call it.
    package var name: String {
        switch self {
        case .host(let route): route.name
        case .database(let name): name
        }
    }
}

extension Routes {
    /// The place of a name: a server's route, or an app's databases; nil for what nobody declares.
    package func place(_ name: String) -> Place? {
        Place.isDatabase(name) ? .database(name) : route(to: name).map(Place.host)
    }
}
