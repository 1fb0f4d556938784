import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// A server that answers every request with the same row: what HTTP itself costs.
///
/// `stead-constant PORT`
@main
enum Program {
    static func main() async throws {
        guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else {
            print("usage: stead-constant PORT")
            exit(64)
        }
        var logger = Logger(label: "constant")
        logger.logLevel = .warning
        let application = Application(
            responder: ConstantResponder(),
            configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
        try await withTaskExecutorPreference(EventLoopExecutor()) {
            try await application.runService()
        }
    }
}

/// Runs tasks where the gateway runs its own.
final class EventLoopExecutor: TaskExecutor {
    private let group: MultiThreadedEventLoopGroup = .singleton

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        group.any().execute { job.runSynchronously(on: executor) }
    }
}

/// Looks at nothing of a request.
struct ConstantResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private let body = ByteBuffer(
        string: """
            {"success":true,"data":{"id":1,"user_id":1,"title":"post 1","body":"\
            \(String(repeating: "lorem ipsum ", count: 10))","views":1,"done":false,\
            "created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z"},\
            "meta":{}}
            """)

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        headers[.contentLength] = String(body.readableBytes)
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}
