import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a process over HTTP how it is.
package struct HealthProbe: Sendable {
    /// Where it listens.
    package enum Endpoint: Sendable, Equatable {
        case socket(String)
        case address(host: String, port: Int)
    }

    private let endpoint: Endpoint
    private let timeout: TimeAmount

    /// - Parameters:
    ///   - endpoint: where the process listens; a host that stands for all is asked on loopback.
    ///   - timeoutSeconds: how long an answer may take, from the call to its status.
    package init(_ endpoint: Endpoint, timeoutSeconds: Int = 5) {
        self.endpoint =
            switch endpoint {
            case .address("0.0.0.0", let port): .address(host: "127.0.0.1", port: port)
            case .address("::", let port): .address(host: "::1", port: port)
            default: endpoint
            }
        timeout = .seconds(Int64(timeoutSeconds))
    }

    /// Whether `/healthz` says 200: nil when it does, else why it does not.
    package func trouble() async -> String? {
        switch await status(of: "/healthz") {
        case .success(200): nil
        case .success(let status): "/healthz says \(status)"
        case .failure(let problem): problem.message
        }
    }

    /// Whether `/readyz` says 200.
    package func isReady() async -> Bool {
        if case .success(200) = await status(of: "/readyz") { true } else { false }
    }

    private struct Problem: Error {
        var message: String
    }

    private func status(of path: String) async -> Result<Int, Problem> {
        let group = MultiThreadedEventLoopGroup.singleton
        let answer = group.next().makePromise(of: Int.self)
        let late = group.next().scheduleTask(in: timeout) { answer.fail(Late()) }
        let bootstrap = ClientBootstrap(group: group).connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(StatusReader(path: path, answer: answer))
                }
            }
        let connecting =
            switch endpoint {
            case .socket(let path): bootstrap.connect(unixDomainSocketPath: path)
            case .address(let host, let port): bootstrap.connect(host: host, port: port)
            }
        connecting.whenFailure { answer.fail($0) }
        defer {
            late.cancel()
            connecting.whenSuccess { $0.close(promise: nil) }
        }
        do {
            return .success(try await answer.futureResult.get())
        } catch is Late {
            return .failure(
                Problem(message: "no answer within \(timeout.nanoseconds / 1_000_000_000) s"))
        } catch {
            return .failure(Problem(message: "no answer: \(error)"))
        }
    }

    /// The time is over.
    private struct Late: Error {}
}

/// Sends one request, and keeps its answer's status.
private final class StatusReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let path: String
    private let answer: EventLoopPromise<Int>

    init(path: String, answer: EventLoopPromise<Int>) {
        self.path = path
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path)
        head.headers = ["host": "localhost", "connection": "close"]
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) { answer.succeed(Int(head.status.code)) }
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(ChannelError.eof) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }
}
