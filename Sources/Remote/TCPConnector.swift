import Diagnostics
import Glibc

/// Opens a TCP connection to a host, by all of its addresses, within a deadline. Runs on an actor
/// of `loop`.
struct TCPConnector {
    let loop: PollLoop
    /// How messages name the host.
    let label: String
    let deadline: Deadline
    let timeoutSeconds: Int

    /// How long an address has before the next one is tried beside it (RFC 8305, section 5).
    private static let headStartMilliseconds = 250

    private struct Attempt {
        var socket: Descriptor
        var address: SocketAddress
    }

    /// - Throws: `transient` when the name is unknown, or nobody answers.
    func connect(to host: String, port: Int, isolation: isolated (any Actor)? = #isolation)
        async throws(Failure) -> Descriptor
    {
        var untried = try await resolve(host, port)[...]
        var attempts: [Attempt] = []
        var lastError = "no address"
        while true {
            if let address = untried.popFirst() {
                switch begin(address) {
                case .success(let socket):
                    attempts.append(Attempt(socket: socket, address: address))
                case .failure(let error): lastError = error.description
                }
            }
            guard !attempts.isEmpty || !untried.isEmpty else {
                throw .transient(.init("cannot connect to \(label): \(lastError)"))
            }
            try await wait(for: attempts, isLast: untried.isEmpty)
            while let index = attempts.firstIndex(where: { $0.socket.isReady(for: POLLOUT) }) {
                let socket = attempts.remove(at: index).socket
                guard let error = socketError(socket) else { return prepared(socket) }
                lastError = error.description
            }
        }
    }

    private func resolve(
        _ host: String, _ port: Int, isolation: isolated (any Actor)? = #isolation
    ) async throws(Failure) -> [SocketAddress] {
        let resolver = Resolver(host: host, port: port, loop: loop)
        resolver.start()
        while true {
            switch resolver.answer {
            case .addresses(let addresses): return addresses
            case .failure(let reason):
                throw .transient(.init("cannot find \(label): \(reason)"))
            case nil: break
            }
            guard await loop.wait(for: .resolved, until: deadline) == .ready else {
                throw .transient(
                    .init("cannot find \(label): no answer to the name within \(limit)"))
            }
        }
    }

    private enum Start {
        case success(Descriptor)
        case failure(SystemError)
    }

    private func begin(_ address: SocketAddress) -> Start {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let number = socket(address.family, type, 0)
        guard number >= 0 else { return .failure(.current) }
        let socket = Descriptor(owning: number)
        if let error = address.connect(socket) { return .failure(error) }
        return .success(socket)
    }

    private func wait(
        for attempts: [Attempt], isLast: Bool, isolation: isolated (any Actor)? = #isolation
    ) async throws(Failure) {
        guard !attempts.isEmpty else { return }
        let interests = attempts.map {
            PollLoop.Interest(descriptor: $0.socket.number, events: POLLOUT)
        }
        let turn = Deadline.after(milliseconds: Self.headStartMilliseconds)
        let wake = await loop.wait(interests, until: isLast ? deadline : min(turn, deadline))
        if wake == .cancelled { throw .transient(.init("\(label): cancelled")) }
        if wake == .timedOut, deadline.isPast {
            throw .transient(.init("cannot connect to \(label): no answer within \(limit)"))
        }
    }

    private var limit: String { "\(timeoutSeconds) s" }

    private func socketError(_ socket: Descriptor) -> SystemError? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(socket.number, SOL_SOCKET, SO_ERROR, &code, &length)
        return code == 0 ? nil : SystemError(code: code)
    }

    /// Sends packets at once (an answer waits for them), and notices a machine that is gone.
    private func prepared(_ socket: Descriptor) -> Descriptor {
        let tcp = Int32(IPPROTO_TCP)
        let options: [(Int32, Int32, Int32)] = [
            (tcp, TCP_NODELAY, 1), (SOL_SOCKET, SO_KEEPALIVE, 1), (tcp, TCP_KEEPIDLE, 30),
            (tcp, TCP_KEEPINTVL, 10), (tcp, TCP_KEEPCNT, 3),
        ]
        for (level, name, value) in options {
            var value = value
            setsockopt(socket.number, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
        }
        return socket
    }
}
