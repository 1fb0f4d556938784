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

    /// Looks at hosts, one round trip each; what `read` makes of each answer goes to `take` as it
    /// comes.
    ///
    /// A host that fails holds nobody up. What to look at is asked for when a host's turn comes,
    /// and no answer is kept: neither is ever in memory for all hosts at once. Answers are read
    /// side by side.
    package func observe<Reading: Sendable>(
        _ routes: [HostRoute], looks: @escaping @Sendable (HostRoute) -> [Look],
        read: @escaping @Sendable (HostRoute, Result<ProbeOutput, Failure>) -> Reading,
        take: (HostRoute, Reading) -> Void
    ) async {
        await SideBySide.forEach(of: routes, limit: parallelism) { route in
            read(route, await observe(route, ObservationScript(looks(route))))
        } take: { route, reading in
            take(route, reading)
        }
    }

    /// Looks at one host.
    package func observe(
        _ route: HostRoute, _ looks: [Look]
    ) async -> Result<ProbeOutput, Failure> {
        await observe(route, ObservationScript(looks))
    }

    private func observe(
        _ route: HostRoute, _ script: ObservationScript
    ) async -> Result<ProbeOutput, Failure> {
        do throws(Failure) {
            let connection = try await pool.connection(to: route)
            let limits = RunLimits(timeoutSeconds: route.server.commandTimeoutSeconds)
            let result = try await connection.run(script.text(), limits: limits)
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
