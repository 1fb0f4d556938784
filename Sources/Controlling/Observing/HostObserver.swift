package import Diagnostics
import Remote
package import Resources

/// Looks at hosts, side by side.
package struct HostObserver: Sendable {
    private let pool: ConnectionPool
    let desk: DatabaseDesk
    /// How many hosts are looked at at once.
    private let parallelism: Int

    init(pool: ConnectionPool, desk: DatabaseDesk, parallelism: Int) {
        self.pool = pool
        self.desk = desk
        self.parallelism = max(1, parallelism)
    }

    /// Looks at hosts, one round trip each; what `read` makes of each answer goes to `take` as it
    /// comes.
    ///
    /// A host that fails holds nobody up. What to look at is asked for when a host's turn comes,
    /// and no answer is kept: neither is ever in memory for all hosts at once. Answers are read
    /// side by side.
    package func observe<Reading: Sendable>(
        _ places: [Place], looks: @escaping @Sendable (Place) -> [Look],
        read: @escaping @Sendable (Place, Result<ProbeOutput, Failure>) -> Reading,
        take: (Place, Reading) -> Void
    ) async {
        await SideBySide.forEach(of: places, limit: parallelism) { place in
            read(place, await observe(place, looks(place)))
        } take: { place, reading in
            take(place, reading)
        }
    }

    /// Looks at one place.
    package func observe(_ place: Place, _ looks: [Look]) async -> Result<ProbeOutput, Failure> {
        switch place {
        case .host(let route): await observe(route, ObservationScript(looks))
        case .database: await desk.observe(looks)
        }
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
