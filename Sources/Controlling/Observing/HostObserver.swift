package import Diagnostics
package import Remote
package import Resources

/// Looks at hosts, side by side.
package struct HostObserver: Sendable {
    private let pool: ConnectionPool
    /// How many hosts are looked at at once.
    private let parallelism: Int

    package init(pool: ConnectionPool, parallelism: Int) {
        self.pool = pool
        self.parallelism = max(1, parallelism)
    }

    /// Looks at every host of `looks`, one round trip each, and calls `finished` as each answer
    /// arrives. A host that fails holds nobody up.
    package func observe(
        _ looks: [HostRoute: [Look]],
        finished: @escaping @Sendable (HostRoute, Failure?) -> Void = { _, _ in }
    ) async -> [HostRoute: Result<ProbeOutput, Failure>] {
        var results: [HostRoute: Result<ProbeOutput, Failure>] = [:]
        let routes = looks.keys.sorted { $0.name < $1.name }
        await SideBySide.forEach(of: routes, limit: parallelism) { route in
            await observe(route, looks[route] ?? [])
        } take: { route, result in
            results[route] = result
            finished(route, result.failure)
        }
        return results
    }

    /// Looks at one host.
    package func observe(_ route: HostRoute, _ looks: [Look]) async -> Result<
        ProbeOutput, Failure
    > {
        do throws(Failure) {
            let script = ObservationScript(looks)
            let connection = try await pool.connection(to: route)
            let limits = RunLimits(timeoutSeconds: route.server.commandTimeoutSeconds)
            let result = try await connection.run(script.text, limits: limits)
            return .success(try Self.read(result, of: script))
        } catch {
            return .failure(error)
        }
    }

    private static func read(_ result: RunResult, of script: ObservationScript) throws(Failure)
        -> ProbeOutput
    {
        guard result.output.isEmpty else {
            return try ObservationAnswer.read(result.output, of: script)
        }
        let message = String(decoding: result.errorOutput.suffix(1000), as: UTF8.self)
        throw .stalled(
            .init(
                "the host ran nothing: `sh -s` ended with status \(result.status)",
                detail: message.isEmpty ? nil : message,
                fix: "check that the user's login shell runs commands"))
    }
}

extension Result {
    fileprivate var failure: Failure? {
        guard case .failure(let failure) = self else { return nil }
        return failure
    }
}
