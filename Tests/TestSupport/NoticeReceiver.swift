import Foundation
import Glibc

/// A service manager's ear: the socket that `NOTIFY_SOCKET` names.
package final class NoticeReceiver: Sendable {
    package let path: String
    private let descriptor: Int32

    /// - Throws: when the socket can't be made.
    package init(_ scratch: Scratch) throws {
        // Scratch folders' paths are long, and a socket's may not be.
        path = "/tmp/stead-notice-\(UUID().uuidString.prefix(8))"
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        descriptor = socket(AF_UNIX, type, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let descriptor = descriptor
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw LoopbackListener.Unavailable() }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// The datagrams that have come since the last time.
    package func take() -> [String] {
        var notices: [String] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { return notices }
            notices.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
    }
}
