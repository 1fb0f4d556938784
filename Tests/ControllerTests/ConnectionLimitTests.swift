import Foundation
import Glibc
import TestSupport
import Testing

/// Clients of the controller's port that mean no good.
@Suite struct ConnectionLimitTests {
    private let controller: ServingController

    init() throws {
        let scratch = try Scratch()
        try scratch.makeRepository()
        let controller = try ServingController(scratch)
        self.controller = controller
        #expect(
            try eventually { try controller.request("/healthz").status == 200 },
            "\(controller.log)")
        let secret = try controller.stead.run("hook", "secret")
        #expect(secret.status == 0, "\(secret.everything)")
    }

    @Test("those that send half a request are cut off, and keep nobody else out")
    func half() throws {
        let half = "POST /hooks/git HTTP/1.1\r\nhost: x\r\n"
        let halfBody = half + "content-length: 100\r\n\r\n{"
        var clients: [RawClient] = []
        for number in 0..<300 {
            let client = try RawClient(port: controller.port)
            _ = client.send(Array((number % 2 == 0 ? half : halfBody).utf8))
            clients.append(client)
        }
        #expect(eventually(within: 120) { clients.allSatisfy(\.isClosed) })
        #expect(try controller.request("/healthz").status == 200)
    }

    @Test(
        "a body of 5 MB is refused also to those that write before they read",
        arguments: [
            "content-length: 5000000\r\n", "content-length: 5000000\r\nconnection: close\r\n",
            "transfer-encoding: chunked\r\nconnection: close\r\n",
        ])
    func tooLong(headers: String) throws {
        let client = try RawClient(port: controller.port)
        var bytes = Array("POST /hooks/git HTTP/1.1\r\nhost: x\r\n\(headers)\r\n".utf8)
        let body = [UInt8](repeating: 0x20, count: 5_000_000)
        if headers.contains("chunked") {
            bytes += Array("4c4b40\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8)
        } else {
            bytes += body
        }
        #expect(client.send(bytes), "the whole body is taken")
        let answer = client.answer()
        #expect(answer.hasPrefix("HTTP/1.1 413"), "\(answer)")
    }
}

/// A connection that sends what it is told to.
private final class RawClient {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, length)
            }
        }
        guard code == 0 else { throw LoopbackListener.Unavailable() }
        // A test that hangs says nothing.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
            setsockopt(
                descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    deinit { close(descriptor) }

    /// False when the other side does not take all of it.
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// What comes until the other side closes.
    func answer() -> String {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += buffer.prefix(count)
        }
    }

    /// Whether the other side has closed.
    var isClosed: Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT))
        return count == 0 || (count < 0 && errno != EAGAIN)
    }
}
