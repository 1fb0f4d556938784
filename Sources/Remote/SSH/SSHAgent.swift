import Diagnostics
import Glibc

/// The ssh-agent that `SSH_AUTH_SOCK` names: keeps private keys, signs with them
/// (draft-ietf-sshm-ssh-agent). Waits for answers itself, so it belongs on a connection's thread.
///
/// Not libssh2's own agent client: that one waits without limit for an agent that does not answer.
struct SSHAgent {
    /// A key that the agent holds.
    struct Identity {
        var publicKey: [UInt8]
        var comment: String
    }

    private let socket: Descriptor
    private let deadline: Deadline

    private enum Message {
        static let requestIdentities: UInt8 = 11
        static let identities: UInt8 = 12
        static let signRequest: UInt8 = 13
        static let signature: UInt8 = 14
    }

    /// - Throws: `stalled` when there is no agent.
    init(until deadline: Deadline) throws(Failure) {
        let fix = "start one (`eval $(ssh-agent)`, `ssh-add`), or give the server an `identityFile`"
        guard let variable = getenv("SSH_AUTH_SOCK"), variable.pointee != 0 else {
            throw .stalled(.init("no key to sign in with: SSH_AUTH_SOCK names no agent", fix: fix))
        }
        let path = String(cString: variable)
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        socket = Descriptor(owning: Glibc.socket(AF_UNIX, type, 0))
        self.deadline = deadline
        guard let address = SocketAddress(unixPath: path), address.connect(socket) == nil else {
            throw .stalled(.init("cannot reach the ssh-agent at \(path)", fix: fix))
        }
    }

    /// All keys that the agent offers.
    func identities() throws(Failure) -> [Identity] {
        var reader = WireReader(try request([Message.requestIdentities]))
        guard reader.byte() == Message.identities, let count = reader.number() else {
            throw .stalled(.init("the ssh-agent gives no list of keys"))
        }
        var identities: [Identity] = []
        while identities.count < count, let key = reader.string(), let comment = reader.string() {
            identities.append(
                Identity(publicKey: key, comment: String(decoding: comment, as: UTF8.self)))
        }
        return identities
    }

    /// A bare signature of `message`, without its type; nil when the agent refuses.
    func sign(_ message: [UInt8], with publicKey: [UInt8]) -> [UInt8]? {
        let flags = WireReader.encode(0)
        let body =
            [Message.signRequest] + WireReader.encode(publicKey) + WireReader.encode(message)
            + flags
        guard let answer = try? request(body) else { return nil }
        var reader = WireReader(answer)
        guard reader.byte() == Message.signature, let blob = reader.string() else { return nil }
        var signature = WireReader(blob)
        guard signature.string() != nil else { return nil }
        return signature.string()
    }

    private func request(_ body: [UInt8]) throws(Failure) -> [UInt8] {
        var unsent = WireReader.encode(body)[...]
        while !unsent.isEmpty {
            try wait(for: POLLOUT)
            guard let count = socket.write(unsent) else { throw dead }
            unsent = unsent.dropFirst(count)
        }
        var answer: [UInt8] = []
        while true {
            var reader = WireReader(answer)
            if let whole = reader.string() { return whole }
            try wait(for: POLLIN)
            // An answer holds a list of public keys at most.
            guard let bytes = socket.read(limit: 16 << 10), !bytes.isEmpty,
                answer.count < 1 << 20
            else { throw dead }
            answer += bytes
        }
    }

    private func wait(for events: Int32) throws(Failure) {
        var entry = pollfd(fd: socket.number, events: Int16(events), revents: 0)
        guard poll(&entry, 1, deadline.milliseconds) > 0 else {
            throw .transient(.init("the ssh-agent does not answer"))
        }
    }

    private var dead: Failure { .transient(.init("the ssh-agent closed the connection")) }
}
