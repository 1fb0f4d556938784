import Resources

extension HostRoute {
    /// How messages name the host: `in3 (203.0.113.7:22)`.
    var label: String {
        guard server.transport == .ssh else { return "\(name) (this machine)" }
        return "\(name) (\(endpoint))"
    }

    /// `HOST:PORT`, an IPv6 address in brackets.
    var endpoint: String {
        let host = server.host ?? name
        return host.contains(":") ? "[\(host)]:\(server.port)" : "\(host):\(server.port)"
    }

    /// The route to the last jump host, spelled as that host's own route would be; nil when the
    /// host is reached directly.
    var lastJump: HostRoute? {
        guard let last = jumps.last else { return nil }
        return HostRoute(name: last.name, server: last.server, jumps: Array(jumps.dropLast()))
            .normalized
    }

    /// The same route with the jumps' own jumps left out: they are said once.
    var normalized: HostRoute {
        HostRoute(
            name: name, server: server,
            jumps: jumps.map { HostRoute(name: $0.name, server: $0.server) })
    }
}
