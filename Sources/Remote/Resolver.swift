import Diagnostics
import Glibc
import Synchronization

/// Looks up a host's addresses on a thread of its own: getaddrinfo(3) waits as long as it likes.
final class Resolver: Sendable {
    enum Answer: Sendable {
        case addresses([SocketAddress])
        /// The resolver's own words.
        case failure(String)
    }

    private let host: String
    private let port: Int
    private let loop: PollLoop
    private let found = Mutex<Answer?>(nil)

    init(host: String, port: Int, loop: PollLoop) {
        self.host = host
        self.port = port
        self.loop = loop
    }

    /// What has been found; nil while the search goes on.
    var answer: Answer? { found.withLock { $0 } }

    /// Takes numeric addresses at once; for names, starts a thread that notifies the loop of
    /// `.resolved` at its end. Nobody has to wait for it.
    func start() {
        if case .addresses(let addresses) = look(up: AI_NUMERICHOST) {
            found.withLock { $0 = .addresses(addresses) }
            return
        }
        let context = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let resolver = Unmanaged<Resolver>.fromOpaque(context).takeRetainedValue()
                resolver.finish(resolver.look(up: AI_ADDRCONFIG))
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            found.withLock { $0 = .failure(SystemError(code: code).description) }
            return
        }
        pthread_detach(thread)
    }

    private func finish(_ answer: Answer) {
        found.withLock { $0 = answer }
        loop.notifyFromOutside(.resolved)
    }

    private func look(up flags: Int32) -> Answer {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = flags | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else {
            return .failure(String(cString: gai_strerror(code)).lowercased())
        }
        defer { freeaddrinfo(list) }
        let entries = sequence(first: list, next: { $0?.pointee.ai_next })
        return .addresses(
            entries.prefix { $0 != nil }.compactMap { $0.map { SocketAddress($0.pointee) } })
    }
}
