import Diagnostics
import Glibc
import Resources

/// An SSH connection to one host. Its code runs on a thread of its own, which waits in poll(2)
/// while there is nothing to do, so that many commands and tunnels share one session.
///
/// A connection keeps itself alive while it is open: `close` it.
actor SSHConnection {
    nonisolated let loop: PollLoop
    nonisolated let route: HostRoute
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    nonisolated var label: String { route.label }

    private(set) var session: SSHSession?
    /// Why the connection can't be used any more.
    private(set) var ending: Failure?
    /// A packet is partly on the wire, and only the one who sends it may call libssh2.
    private var isMidSend = false
    /// A channel is being opened or started. libssh2 takes the answer for one as an answer for
    /// another when there are two.
    private var isRequesting = false
    private var isRunning = false
    /// How many calls are under way; the watch leaves the socket to them.
    private(set) var callCount = 0
    /// How many tasks of the connection's own are: the watch, the tunnels.
    private var taskCount = 0
    /// The last command's channel, closed: libssh2 reads only through one.
    var spareChannel: SSHChannel?
    /// Channels of commands that were left in the middle and have not ended yet.
    var lingering: [SSHChannel] = []
    var shells: [Int: ShellState] = [:]
    var lastShell = 0

    init(_ route: HostRoute) throws(Failure) {
        self.route = route
        loop = try PollLoop()
    }

    /// Takes over a session that is about to shake hands.
    func adopt(_ session: SSHSession) {
        self.session = session
    }

    // MARK: - Calls of libssh2

    /// Makes a call until it is through. A host that takes longer than `deadline` ends with
    /// `timeout`.
    func finish<Value>(
        until deadline: Deadline?, or timeout: @autoclosure () -> Failure,
        _ call: (SSHSession) -> SSHSession.Outcome<Value>
    ) async throws(Failure) -> Value {
        while true {
            if let value = try await attempt(until: deadline, or: timeout(), call) { return value }
            try await park(until: deadline, or: timeout())
        }
    }

    /// Makes a call once, or as often as it takes to get a packet out that it left half sent.
    ///
    /// - Returns: nil when the call waits for something to come in.
    func attempt<Value>(
        until deadline: Deadline?, or timeout: @autoclosure () -> Failure,
        _ call: (SSHSession) -> SSHSession.Outcome<Value>
    ) async throws(Failure) -> Value? {
        let session = try await takeTurn(until: deadline, or: timeout())
        var outcome = perform(call, session)
        if case .wouldBlock = outcome, session.isHalfSent {
            isMidSend = true
            defer {
                isMidSend = false
                loop.notify(.sent)
            }
            while case .wouldBlock = outcome, session.isHalfSent {
                do throws(Failure) {
                    try await wait(writable, until: deadline, or: timeout())
                } catch {
                    // Half a packet is on the wire: nothing can follow it.
                    end(error)
                    throw error
                }
                outcome = perform(call, session)
            }
        }
        switch outcome {
        case .done(let value): return value
        case .wouldBlock:
            if deadline?.isPast ?? false { throw timeout() }
            return nil
        case .failed(let error): throw failure(for: error)
        }
    }

    /// Waits until something has come in.
    func park(until deadline: Deadline?, or timeout: @autoclosure () -> Failure)
        async throws(Failure)
    {
        try await wait(readable, for: .received, until: deadline, or: timeout())
    }

    /// Waits until no packet is half sent and a small one would go out whole: libssh2 1.10 can't
    /// repeat some of its calls.
    private func takeTurn(until deadline: Deadline?, or timeout: @autoclosure () -> Failure)
        async throws(Failure) -> SSHSession
    {
        while true {
            let session = try liveSession()
            if !isMidSend, session.socket.isReady(for: POLLOUT) { return session }
            if isMidSend {
                try await wait([], for: .sent, until: deadline, or: timeout())
            } else {
                try await wait(writable, until: deadline, or: timeout())
            }
        }
    }

    private func perform<Value>(
        _ call: (SSHSession) -> SSHSession.Outcome<Value>, _ session: SSHSession
    ) -> SSHSession.Outcome<Value> {
        let before = session.receivedBytes
        defer { if session.receivedBytes != before { loop.notify(.received) } }
        return call(session)
    }

    /// - Throws: why the connection has ended.
    func liveSession() throws(Failure) -> SSHSession {
        if let ending { throw ending }
        guard let session else { throw .transient(.init("\(label): not connected")) }
        return session
    }

    private func failure(for error: SSHError) -> Failure {
        let failure = SSHFailure(label: label, session: session).failure(for: error)
        switch error.meaning {
        case .authentication, .refusal: break
        default: end(failure)
        }
        return failure
    }

    // MARK: - Waiting

    private var writable: [PollLoop.Interest] { interests(POLLOUT) }
    private var readable: [PollLoop.Interest] { interests(POLLIN) }

    private func interests(_ events: Int32) -> [PollLoop.Interest] {
        session.map { [.init(descriptor: $0.socket.number, events: events)] } ?? []
    }

    func wait(
        _ interests: [PollLoop.Interest], for condition: PollLoop.Condition? = nil,
        until deadline: Deadline?, or timeout: @autoclosure () -> Failure
    ) async throws(Failure) {
        let wake = await loop.wait(interests, for: condition, until: deadline)
        if let ending { throw ending }
        switch wake {
        case .ready: return
        case .timedOut: throw timeout()
        case .cancelled: throw .transient(.init("\(label): cancelled"))
        }
    }

    /// Runs `body` when no other command runs on this connection.
    func withTurn<Value>(
        until deadline: Deadline, or timeout: @autoclosure () -> Failure,
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        while isRunning { try await wait([], for: .turn, until: deadline, or: timeout()) }
        isRunning = true
        defer {
            isRunning = false
            loop.notify(.turn)
        }
        return try await counted(body)
    }

    /// Runs `body` when no other channel is being opened or started.
    func withRequest<Value>(
        until deadline: Deadline, or timeout: @autoclosure () -> Failure,
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        while isRequesting { try await wait([], for: .request, until: deadline, or: timeout()) }
        isRequesting = true
        defer {
            isRequesting = false
            loop.notify(.request)
        }
        return try await body()
    }

    /// Runs `body` as a call that the watch leaves the socket to.
    func counted<Value>(_ body: () async throws(Failure) -> Value) async throws(Failure) -> Value {
        callCount += 1
        defer {
            callCount -= 1
            loop.notify(.ended)
        }
        return try await body()
    }

    /// To be called before a task of the connection's own starts: `close` waits for those.
    func taskStarts() {
        taskCount += 1
    }

    func taskEnds() {
        taskCount -= 1
        loop.notify(.ended)
    }

    // MARK: - The end

    /// Ends the connection at once. Whoever waits on it is told `reason`.
    func end(_ reason: Failure) {
        guard ending == nil else { return }
        ending = reason
        spareChannel = nil
        lingering = []
        shells = [:]
        if let session {
            if !isMidSend, session.socket.isReady(for: POLLOUT) { session.disconnect() }
            shutdown(session.socket.number, Int32(SHUT_RDWR))
        }
        session = nil
        loop.notifyAll()
    }
}

extension SSHConnection: HostConnection {
    var isOpen: Bool {
        guard ending == nil, let session else { return false }
        return !session.hasEnded && !session.socket.isReady(for: Descriptor.hangUp)
    }

    func close() async {
        end(.transient(.init("\(label): the connection was closed")))
        // All have been woken; a moment later nobody touches the session any more.
        let patience = Deadline.after(seconds: 2)
        while callCount + taskCount > 0, !patience.isPast {
            _ = await loop.wait(for: .ended, until: patience)
        }
    }
}
