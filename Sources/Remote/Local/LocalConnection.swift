import Diagnostics
import Glibc
import Resources

/// Runs scripts on the machine itself, each in a shell of its own. Waits on a thread of its own,
/// which lives only while a script runs.
actor LocalConnection {
    nonisolated let loop: PollLoop
    nonisolated let route: HostRoute
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    nonisolated var label: String { route.label }

    private var isClosed = false
    private var shells: [Int: LocalConversation] = [:]
    private var lastShell = 0

    init(_ route: HostRoute) throws(Failure) {
        self.route = route
        loop = try PollLoop()
    }

    // MARK: - Talking to a process

    /// Writes what there is to write and reads what has come, waiting for either if need be.
    private func step(
        _ talk: inout LocalConversation, until deadline: Deadline, or timeout: Failure
    ) async throws(Failure) {
        let wake = await loop.wait(talk.interests, until: deadline)
        guard wake != .cancelled else { throw .transient(.init("\(label): cancelled")) }
        guard !isClosed else { throw closed }
        guard wake != .timedOut, !deadline.isPast else { throw timeout }
        try talk.exchange()
    }

    /// The exit status of a process that has closed its output.
    private func status(of child: ChildProcess, until deadline: Deadline, or timeout: Failure)
        async throws(Failure) -> Int
    {
        while true {
            if let status = child.reap() { return status }
            let wake = await loop.wait(Self.ending(of: child), until: deadline)
            guard wake != .cancelled else { throw .transient(.init("\(label): cancelled")) }
            guard wake != .timedOut else { throw timeout }
        }
    }

    private static func ending(of child: ChildProcess) -> [PollLoop.Interest] {
        [.init(descriptor: child.ending.number, events: POLLIN)]
    }

    /// Ends a process and its group: politely, then not.
    private func stop(_ child: ChildProcess) async {
        // A task of its own: this has to be done even when the caller's is cancelled.
        await Task {
            // Once reaped, its number may be another's.
            guard child.reap() == nil else { return }
            child.signal(SIGTERM)
            let patience = Deadline.after(milliseconds: 1000)
            _ = await loop.wait(Self.ending(of: child), until: patience)
            // The rest of the group too, while the leader's number can't be another's yet.
            child.signal(SIGKILL)
            _ = await loop.wait(Self.ending(of: child), until: .after(milliseconds: 1000))
            guard child.reap() == nil else { return }
            // Not ours to kill (sudo's), or stuck in the kernel: it leaves when it leaves.
            Task {
                _ = await loop.wait(Self.ending(of: child), until: nil)
                _ = child.reap()
            }
        }.value
    }

    private var closed: Failure { .transient(.init("\(label): the connection was closed")) }

    private func timeout(_ limits: RunLimits) -> Failure {
        SSHFailure(label: label, session: nil).commandTimeout(seconds: limits.timeoutSeconds)
    }
}

// MARK: - Scripts

extension LocalConnection: HostConnection {
    func run(_ script: [UInt8], limits: RunLimits) async throws(Failure) -> RunResult {
        guard !isClosed else { throw closed }
        let deadline = Deadline.after(seconds: limits.timeoutSeconds)
        let shell = RootShell(route)
        var talk = try LocalConversation(
            shell.localArguments, OutputBuffer(limit: limits.outputBytes, label: label))
        talk.send(script, thenEnd: true)
        do throws(Failure) {
            while !talk.isAtEnd {
                try await step(&talk, until: deadline, or: timeout(limits))
            }
            let status = try await status(of: talk.child, until: deadline, or: timeout(limits))
            let result = RunResult(
                output: talk.buffer.output, errorOutput: talk.buffer.errorOutput, status: status)
            if let refusal = shell.refusal(of: result) { throw refusal }
            return result
        } catch {
            await stop(talk.child)
            throw error
        }
    }

    func openShell() async throws(Failure) -> any HostShell {
        guard !isClosed else { throw closed }
        let talk = try LocalConversation(
            RootShell(route).localArguments, OutputBuffer(limit: .max, label: label))
        lastShell += 1
        shells[lastShell] = talk
        return LocalShell(connection: self, number: lastShell)
    }

    func exchange(
        _ input: [UInt8], until marker: [UInt8], with number: Int, limits: RunLimits
    ) async throws(Failure) -> [UInt8] {
        guard var talk = shells.removeValue(forKey: number) else {
            throw .transient(.init("\(label): the shell is closed or busy"))
        }
        do throws(Failure) {
            let answer = try await exchange(input, until: marker, &talk, limits)
            shells[number] = talk
            return answer
        } catch {
            await stop(talk.child)
            throw error
        }
    }

    private func exchange(
        _ input: [UInt8], until marker: [UInt8], _ talk: inout LocalConversation,
        _ limits: RunLimits
    ) async throws(Failure) -> [UInt8] {
        let deadline = Deadline.after(seconds: limits.timeoutSeconds)
        talk.buffer.limit = limits.outputBytes
        talk.send(input, thenEnd: false)
        while true {
            if let answer = talk.buffer.takeLine(beginningWith: marker) {
                return answer
            }
            guard !talk.isAtEnd else {
                let status = try await status(
                    of: talk.child, until: deadline, or: timeout(limits))
                throw RootShell(route).ending(
                    status: status, output: talk.buffer.output,
                    errorOutput: talk.buffer.errorOutput)
            }
            try await step(&talk, until: deadline, or: timeout(limits))
        }
    }

    func closeShell(_ number: Int) async {
        guard let talk = shells.removeValue(forKey: number) else { return }
        await stop(talk.child)
    }

    var isOpen: Bool { !isClosed }

    func close() async {
        isClosed = true
        loop.notifyAll()
        for number in shells.keys { await closeShell(number) }
    }
}
