import Diagnostics

/// A connection to a simulated host.
actor TranscriptConnection: HostConnection {
    nonisolated let route: HostRoute
    private nonisolated let delay: Duration
    private let answer: TranscriptTransport.Answer
    private var isClosed = false

    init(route: HostRoute, delay: Duration, answer: @escaping TranscriptTransport.Answer) {
        self.route = route
        self.delay = delay
        self.answer = answer
    }

    /// Takes the time of one round trip.
    nonisolated func pause() async throws(Failure) {
        guard delay > .zero else { return }
        do {
            try await Task.sleep(for: delay)
        } catch {
            throw .transient(.init("\(route.label): cancelled"))
        }
    }

    func run(_ script: [UInt8], limits: RunLimits) async throws(Failure) -> RunResult {
        try await pause()
        guard !isClosed else {
            throw .transient(.init("\(route.label): the connection was closed"))
        }
        let result = try answer(route, script)
        var buffer = OutputBuffer(limit: limits.outputBytes, label: route.label)
        try buffer.append(result.output, isError: false)
        try buffer.append(result.errorOutput, isError: true)
        return result
    }

    func openShell() async throws(Failure) -> any HostShell {
        TranscriptShell(connection: self)
    }

    var isOpen: Bool { !isClosed }

    func close() {
        isClosed = true
    }
}

/// A shell of a simulated host: each exchange is answered like a script of its own.
private struct TranscriptShell: HostShell {
    let connection: TranscriptConnection

    func exchange(_ input: [UInt8], until marker: [UInt8], limits: RunLimits)
        async throws(Failure) -> [UInt8]
    {
        let result = try await connection.run(input, limits: limits)
        var buffer = OutputBuffer(limit: .max, label: connection.route.label)
        try buffer.append(result.output, isError: false)
        guard let answer = buffer.takeLine(beginningWith: marker) else {
            throw .transient(
                .init("\(connection.route.label): the shell ended with status \(result.status)"))
        }
        return answer
    }

    func close() async {}
}
