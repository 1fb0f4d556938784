import Controlling
import Diagnostics
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import Resources
import Storage

/// What the controller can be asked over its Unix socket.
///
/// Whoever may open the socket may ask; what is done is written down under their name.
struct ControlRoutes: Sendable {
    let controller: Controller
    let store: StateStore

    func add(to router: Router<ControlContext>) {
        let group = router.group("v1")
        group.get("status") { _, _ in try await json(status()) }
        group.post("sync") { request, context in
            let asked = try await body(SyncRequest.self, of: request, context)
            var answer = SyncAnswer(subjects: asked.subjects)
            if asked.subjects.isEmpty {
                answer.retried = try await answering { () throws(Failure) in
                    try await controller.retryRollout()
                }
            }
            await controller.sync(asked.subjects)
            if !asked.subjects.isEmpty {
                let actor = await context.user()
                let events = asked.subjects.map {
                    AuditEvent(actor: actor, action: "subject.urged", subject: $0)
                }
                try await answering { () throws(Failure) in try await store.append(events) }
            }
            return try json(answer)
        }
        group.post("suspend") { request, context in
            let asked = try await body(SuspendRequest.self, of: request, context)
            let suspension = Suspension(
                subject: asked.subject, reason: asked.reason, actor: await context.user(),
                since: Int(Date.now.timeIntervalSince1970), until: asked.until)
            try await answering { () throws(Failure) in try await store.suspend(suspension) }
            return try json(suspension)
        }
        group.post("resume") { request, context in
            let asked = try await body(SubjectRequest.self, of: request, context)
            let actor = await context.user()
            let isResumed = try await answering { () throws(Failure) in
                try await store.resume(asked.subject, by: actor)
            }
            guard isResumed else {
                throw refusal(.notFound, "\(asked.subject) is not suspended")
            }
            await controller.sync()
            return try json(asked)
        }
        group.post("approve") { request, context in
            try await decide(request, context, to: .approved)
        }
        group.post("reject") { request, context in
            try await decide(request, context, to: .rejected)
        }
        addDeletes(to: group)
    }

    private func status() async throws -> ControllerStatus {
        let snapshot = await controller.snapshot()
        return try await answering { () throws(Failure) in
            ControllerStatus(
                controller: snapshot, conditions: try await store.conditions(),
                suspensions: try await store.suspensions())
        }
    }

    private func decide(
        _ request: Request, _ context: ControlContext, to state: HeldPlan.State
    ) async throws -> Response {
        let asked = try await body(SubjectRequest.self, of: request, context)
        let actor = await context.user()
        let isDecided = try await answering { () throws(Failure) in
            try await store.decide(asked.subject, from: .waiting, to: state, by: actor)
        }
        guard isDecided else {
            throw refusal(
                .conflict, "no plan \(asked.subject.prefix(12)) waits", fix: "see `stead plans`")
        }
        await controller.sync()
        return try json(asked)
    }

    // MARK: - Bodies

    func body<Message: Decodable>(
        _ type: Message.Type, of request: Request, _ context: ControlContext
    ) async throws -> Message {
        let buffer = try await request.body.collect(upTo: context.maxUploadSize)
        do {
            return try CanonicalJSON.decode(type, from: Array(buffer.readableBytesView))
        } catch {
            throw refusal(.badRequest, BodyProblem(error).message)
        }
    }

    /// A failure of the state is the answer.
    func answering<Value>(
        _ work: () async throws(Failure) -> Value
    ) async throws -> Value {
        do throws(Failure) {
            return try await work()
        } catch {
            throw refusal(.serviceUnavailable, error.report.message, fix: error.report.fix)
        }
    }

    func refusal(
        _ status: HTTPResponse.Status, _ message: String, fix: String? = nil
    ) -> ControlError {
        ControlError(status: status, refusal: ControlRefusal(message: message, fix: fix))
    }

    func json(_ value: some Encodable) throws -> Response {
        try ControlError.response(.ok, value)
    }
}

/// A refusal on its way to the client.
struct ControlError: Error, HTTPResponseError {
    let status: HTTPResponse.Status
    let refusal: ControlRefusal

    func response(from request: Request, context: some RequestContext) throws -> Response {
        try Self.response(status, refusal)
    }

    static func response(
        _ status: HTTPResponse.Status, _ value: some Encodable
    ) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: try CanonicalJSON.encode(value))))
    }
}
