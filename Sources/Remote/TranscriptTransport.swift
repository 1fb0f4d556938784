package import Diagnostics

/// Simulated hosts, for tests and benchmarks: a closure answers each script after a delay, as a
/// host at that distance would.
package struct TranscriptTransport: Transport {
    /// Answers what was sent to `sh -s` on a host.
    package typealias Answer = @Sendable (HostRoute, [UInt8]) throws(Failure) -> RunResult

    private let delay: @Sendable (HostRoute) -> Duration
    private let answer: Answer

    /// `delay` is how long each connect, run and exchange takes.
    package init(delay: Duration = .zero, answer: @escaping Answer) {
        self.init(delays: { _ in delay }, answer: answer)
    }

    /// `delays` is how long each connect, run and exchange with a host takes.
    package init(
        delays delay: @escaping @Sendable (HostRoute) -> Duration, answer: @escaping Answer
    ) {
        self.delay = delay
        self.answer = answer
    }

    /// A connection that answers by the closure, after the delay.
    package func connect(_ route: HostRoute) async throws(Failure) -> any HostConnection {
        let connection = TranscriptConnection(route: route, delay: delay(route), answer: answer)
        try await connection.pause()
        return connection
    }
}
