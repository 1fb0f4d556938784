import Glibc
import Hummingbird
import NIOCore

/// One request to the controller, with who is at the other end.
struct ControlContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Bodies are a few words.
    var maxUploadSize: Int { 64 << 10 }

    /// The Unix user at the other end of a Unix socket, as the kernel says.
    ///
    /// Source: unix(7), `SO_PEERCRED`; the option's number is Linux's.
    func user() async -> String {
        guard let provider = channel as? any SocketOptionProvider,
            let peer: PeerCredentials = try? await provider.unsafeGetSocketOption(
                level: .socket, name: .init(rawValue: SO_PEERCRED)
            ).get()
        else { return "unknown" }
        return Self.name(of: peer.uid)
    }

    private static func name(of user: uid_t) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            return "uid \(user)"
        }
        return String(cString: entry.pw_name)
    }
}

/// `struct ucred` of unix(7), which Glibc's module leaves out.
private struct PeerCredentials {
    var pid: pid_t = 0
    var uid: uid_t = 0
    var gid: gid_t = 0
}
