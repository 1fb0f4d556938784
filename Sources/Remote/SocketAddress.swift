import Diagnostics
import Glibc

/// An address that a socket connects to.
struct SocketAddress: Sendable {
    /// A `sockaddr` of the address's family.
    private let bytes: [UInt8]
    let family: Int32

    /// A copy of what a resolver found.
    init(_ entry: addrinfo) {
        family = entry.ai_family
        let address = UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
        bytes = Array(address)
    }

    /// - Returns: nil when the path is longer than such addresses can be.
    init?(unixPath path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        family = AF_UNIX
        bytes = withUnsafeBytes(of: &address) { Array($0) }
    }

    /// Begins to connect; nil when it has connected or is on its way.
    func connect(_ socket: Descriptor) -> SystemError? {
        let result = bytes.withUnsafeBytes { buffer in
            guard let address = buffer.bindMemory(to: sockaddr.self).baseAddress else {
                return Int32(-1)
            }
            return Glibc.connect(socket.number, address, socklen_t(buffer.count))
        }
        guard result != 0, errno != EINPROGRESS, errno != EINTR else { return nil }
        return .current
    }
}
