package import Diagnostics

/// Keeps one connection a host: opened when first asked for, shared by all who ask, opened again
/// when it has ended. Jump hosts are hosts like others, so that all routes through one of them
/// share its connection.
package actor ConnectionPool {
    /// What everybody who asks for one host waits for.
    private struct Slot {
        var number: Int
        var opening: Task<Result<any HostConnection, Failure>, Never>
    }

    private let transport: any Transport
    private var slots: [HostRoute: Slot] = [:]
    private var lastNumber = 0

    package init(transport: any Transport = RoutingTransport()) {
        self.transport = transport
    }

    /// The open connection to a host.
    ///
    /// - Throws: what the transport throws; the next call tries again.
    package func connection(to route: HostRoute) async throws(Failure) -> any HostConnection {
        let route = route.normalized
        while true {
            let slot = slots[route] ?? open(route)
            switch await slot.opening.value {
            case .success(let connection):
                if await connection.isOpen { return connection }
                forget(slot, of: route)
                await connection.close()
            case .failure(let failure):
                forget(slot, of: route)
                throw failure
            }
            guard !Task.isCancelled else { throw .transient(.init("\(route.label): cancelled")) }
        }
    }

    /// A connection of its own, opened now, which the caller closes: tells whether the host can
    /// be reached anew. It goes through the same jump hosts.
    ///
    /// - Throws: what the transport throws.
    package func newConnection(to route: HostRoute) async throws(Failure) -> any HostConnection {
        try await connect(route.normalized)
    }

    /// Closes every connection, those in the making too. The pool can be used again.
    package func closeAll() async {
        let closing = slots.values.map(\.opening)
        slots = [:]
        for opening in closing { opening.cancel() }
        await withTaskGroup { group in
            for opening in closing {
                group.addTask {
                    if case .success(let connection) = await opening.value {
                        await connection.close()
                    }
                }
            }
        }
    }

    private func open(_ route: HostRoute) -> Slot {
        lastNumber += 1
        let opening = Task { await result(of: route) }
        let slot = Slot(number: lastNumber, opening: opening)
        slots[route] = slot
        return slot
    }

    private func result(of route: HostRoute) async -> Result<any HostConnection, Failure> {
        do throws(Failure) {
            return .success(try await connect(route))
        } catch {
            return .failure(error)
        }
    }

    private func connect(_ route: HostRoute) async throws(Failure) -> any HostConnection {
        guard let jump = route.lastJump else { return try await transport.connect(route) }
        let connection = try await connection(to: jump)
        do throws(Failure) {
            return try await transport.connect(route, through: connection)
        } catch {
            // The jump host's connection may have ended without our knowing: once more, then.
            guard await !connection.isOpen, !Task.isCancelled else { throw error }
            return try await transport.connect(
                route, through: try await self.connection(to: jump))
        }
    }

    /// Whoever comes next opens a new connection, unless somebody has already.
    private func forget(_ slot: Slot, of route: HostRoute) {
        if slots[route]?.number == slot.number { slots[route] = nil }
    }
}
