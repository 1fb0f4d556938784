import Foundation
import Glibc

/// A connection to a gateway, byte by byte.
final class Wire {
    private let descriptor: Int32
    private var pending: [UInt8] = []

    /// The other side closed the connection, or said nothing for too long.
    struct Ended: Error {
        var received: String
    }

    /// - Throws: when nobody listens.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw Ended(received: "")
        }
    }

    deinit {
        close(descriptor)
    }

    /// - Throws: when the other side has closed.
    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Ended(received: "") }
            rest = rest.dropFirst(count)
        }
    }

    /// No more is sent; answers may still come.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        // An end leaves the error of some call before.
        errno = 0
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        pending += buffer[..<count]
        return true
    }

    /// Whether the other side closes the connection, whatever it still says before.
    func isClosed() -> Bool {
        while receive() {}
        return errno != EAGAIN
    }

    /// The next answer.
    ///
    /// - Throws: when the connection ends before.
    func answer(isHead: Bool = false) throws -> Answer {
        let mark = Array("\r\n\r\n".utf8)
        while pending.firstRange(of: mark) == nil {
            guard receive() else { throw Ended(received: String(decoding: pending, as: UTF8.self)) }
        }
        let end = pending.firstRange(of: mark)?.lowerBound ?? 0
        var answer = Answer(head: String(decoding: pending[..<end], as: UTF8.self))
        pending.removeFirst(end + 4)
        let length = Int(answer["Content-Length"] ?? "0") ?? 0
        let hasBody = !isHead && answer.status != 204 && answer.status != 304
        guard hasBody else { return answer }
        while pending.count < length {
            guard receive() else { throw Ended(received: answer.head) }
        }
        answer.body = String(decoding: pending[..<length], as: UTF8.self)
        pending.removeFirst(length)
        return answer
    }
}

/// What came back.
struct Answer {
    var head: String
    var body = ""

    var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }

    /// A header's value, its name in any case.
    subscript(name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            if line[..<colon].lowercased() == name.lowercased() {
                return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            }
        }
        return nil
    }

    /// The body's object; empty when it is none.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
    }

    var code: String { json["code"] as? String ?? "" }
    var data: [String: Any] { json["data"] as? [String: Any] ?? [:] }
    var rows: [[String: Any]] { json["data"] as? [[String: Any]] ?? [] }
    var meta: [String: Any] { json["meta"] as? [String: Any] ?? [:] }
    /// The fields that have problems, as `field:code`.
    var problems: [String] {
        let errors = json["errors"] as? [[String: Any]] ?? []
        return errors.map { "\($0["field"] as? String ?? ""):\($0["code"] as? String ?? "")" }
    }
}
