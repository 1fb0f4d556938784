import Control
import Foundation
import Glibc
import TestSupport
import Testing

/// The command line's side of the control socket.
@Suite struct ControlClientTests {
    private struct Answer: Codable {
        var isSo: Bool
    }

    /// Answers each question as soon as its head is there, and closes, as the controller may.
    private static func answerHastily(at path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) | listen(listener, 64)
            }
        }
        guard code == 0 else { throw LoopbackListener.Unavailable() }
        Thread.detachNewThread {
            let body = #"{"isSo":true}"#
            let answer = Array(
                "HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                var bytes = [UInt8](repeating: 0, count: 4096)
                _ = read(connection, &bytes, bytes.count)
                _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
                close(connection)
            }
        }
    }

    @Test("a controller that answers and closes at once is understood, every time")
    func hasty() async throws {
        let scratch = try Scratch()
        let path = scratch.path("c.sock")
        try Self.answerHastily(at: path)
        for _ in 0..<500 {
            let answer = try await ControlClient(socket: path).get("status", as: Answer.self)
            #expect(answer?.isSo == true)
        }
    }
}
