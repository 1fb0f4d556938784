package import Diagnostics
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Resources

/// Asks a controller over its Unix socket.
package struct ControlClient: Sendable {
    private let socket: String

    package init(socket: String) {
        self.socket = socket
    }

    /// What the controller answers to `GET /v1/NAME`; nil when none listens.
    package func get<Answer: Decodable>(
        _ name: String, as type: Answer.Type
    ) async throws(Failure) -> Answer? {
        try await exchange(.GET, name, [], type)
    }

    /// What the controller answers to `POST /v1/NAME`; nil when none listens.
    package func post<Answer: Decodable>(
        _ name: String, _ message: some Encodable, as type: Answer.Type
    ) async throws(Failure) -> Answer? {
        try await exchange(.POST, name, try Self.body(message), type)
    }

    /// The text that the controller answers to `POST /v1/NAME`; nil when none listens.
    package func text(_ name: String, _ message: some Encodable) async throws(Failure) -> String? {
        let answer = try await accepted(.POST, name, try Self.body(message))
        return answer.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func body(_ message: some Encodable) throws(Failure) -> [UInt8] {
        do {
            return try CanonicalJSON.encode(message)
        } catch {
            throw .stalled(.init("the question can't be written down: \(error)"))
        }
    }

    /// What was answered with 200; any other status is a failure.
    private func accepted(
        _ method: HTTPMethod, _ name: String, _ body: [UInt8]
    ) async throws(Failure) -> [UInt8]? {
        guard let (status, answer) = try await send(method, name, body) else { return nil }
        guard status == 200 else {
            let refusal = try? CanonicalJSON.decode(ControlRefusal.self, from: answer)
            throw .stalled(
                .init(refusal?.message ?? "the controller said \(status)", fix: refusal?.fix))
        }
        return answer
    }

    private func exchange<Answer: Decodable>(
        _ method: HTTPMethod, _ name: String, _ body: [UInt8], _ type: Answer.Type
    ) async throws(Failure) -> Answer? {
        guard let answer = try await accepted(method, name, body) else { return nil }
        do {
            return try CanonicalJSON.decode(type, from: answer)
        } catch {
            throw .stalled(.init("the controller's answer makes no sense: \(error)"))
        }
    }

    private func send(
        _ method: HTTPMethod, _ name: String, _ body: [UInt8]
    ) async throws(Failure) -> (Int, [UInt8])? {
        let connection: NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
        do {
            connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5))
                .connect(unixDomainSocketPath: socket) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            guard let error = error as? IOError,
                [ENOENT, ECONNREFUSED, ENOTDIR].contains(error.errnoCode)
            else {
                let isDenied = (error as? IOError)?.errnoCode == EACCES
                throw .stalled(
                    .init(
                        "cannot reach the controller at \(socket): \(error)",
                        fix: isDenied
                            ? "be the user that it runs as, or of the group that it was given "
                                + "with --socket-group"
                            : nil))
            }
            return nil
        }
        do {
            return try await connection.executeThenClose { incoming, outgoing in
                var head = HTTPRequestHead(version: .http1_1, method: method, uri: "/v1/\(name)")
                head.headers = [
                    "host": "controller", "content-length": "\(body.count)",
                    "connection": "close",
                ]
                // At once: the controller closes when it has answered, which may be as soon as it
                // has the head of a question without a body.
                try await outgoing.write(contentsOf: [
                    .head(head), .body(.byteBuffer(ByteBuffer(bytes: body))), .end(nil),
                ])
                var status = 0
                var answer: [UInt8] = []
                for try await part in incoming {
                    switch part {
                    case .head(let head): status = Int(head.status.code)
                    case .body(let buffer): answer += buffer.readableBytesView
                    case .end: return (status, answer)
                    }
                }
                throw ChannelError.eof
            }
        } catch {
            throw .transient(.init("the controller went away before it had answered"))
        }
    }
}
