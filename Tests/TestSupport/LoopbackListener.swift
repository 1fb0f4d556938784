import Foundation
import Glibc

/// A listening TCP socket on a free port of the loopback interface.
package final class LoopbackListener: Sendable {
    package let port: Int
    private let descriptor: Int32

    /// Listens on a port of the system's choice, or on the one that is named.
    ///
    /// - Throws: when the port is not to be had.
    package init(port wanted: Int = 0) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(wanted).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) | listen(descriptor, 64)
                    | getsockname(descriptor, address, &length)
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw Unavailable()
        }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// The system gave no port to listen on.
    package struct Unavailable: Error {
        package init() {}
    }

    /// Hands every connection, as a descriptor, to `serve` on a thread of its own; closes it
    /// afterwards.
    package func serve(_ serve: @escaping @Sendable (Int32) -> Void) {
        let descriptor = descriptor
        Thread {
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                Thread {
                    serve(connection)
                    close(connection)
                }.start()
            }
        }.start()
    }
}
