import Controlling
import Diagnostics
import HTTPTypes
import Hummingbird
import NIOCore
import Resources

/// What is asked to be looked at on hosts, and changes nothing: a plan, a connection.
struct AnswerRoutes: Sendable {
    let controller: Controller
    private let door = Door(limit: 4)

    init(controller: Controller) {
        self.controller = controller
    }

    func add(to router: Router<ControlContext>) {
        let group = router.group("v1")
        group.get("plan") { _, _ in try await plan(PlanQuestion()) }
        group.post("plan") { request, context in
            try await plan(try await question(PlanQuestion.self, request, context))
        }
        group.post("connections/test") { request, context in
            let asked = try await question(SubjectRequest.self, request, context)
            let report = try await answering { () throws(Failure) in
                try await controller.testConnection(to: asked.subject)
            }
            return try ControlError.response(.ok, report)
        }
    }

    private func plan(_ question: PlanQuestion) async throws -> Response {
        let isJSON = question.format == "json"
        guard isJSON || question.format == "text" else {
            throw ControlError(
                status: .badRequest,
                refusal: ControlRefusal(message: "a plan's format is text or json"))
        }
        let text = try await answering { () throws(Failure) in
            let plan = try await controller.planNow(only: question.only)
            return isJSON
                ? try plan.json()
                : plan.text(isColoured: question.isColoured, isFull: question.isFull)
        }
        return Response(
            status: .ok,
            headers: [.contentType: isJSON ? "application/json" : "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func question<Message: Decodable>(
        _ type: Message.Type, _ request: Request, _ context: ControlContext
    ) async throws -> Message {
        let buffer = try await request.body.collect(upTo: context.maxUploadSize)
        do {
            return try CanonicalJSON.decode(type, from: Array(buffer.readableBytesView))
        } catch {
            throw ControlError(
                status: .badRequest,
                refusal: ControlRefusal(message: BodyProblem(error).message))
        }
    }

    /// Does it, if not too much is being done already; a failure is the answer.
    private func answering<Value: Sendable>(
        _ work: () async throws(Failure) -> Value
    ) async throws -> Value {
        guard await door.enter() else {
            throw ControlError(
                status: .serviceUnavailable,
                refusal: ControlRefusal(
                    message: "the controller answers other questions", fix: "ask again later"))
        }
        let result: Result<Value, Failure>
        do throws(Failure) { result = .success(try await work()) } catch {
            result = .failure(error)
        }
        await door.leave()
        switch result {
        case .success(let value): return value
        case .failure(let failure):
            let isWrong = if case .refused = failure { true } else { false }
            throw ControlError(
                status: isWrong ? .notFound : .serviceUnavailable,
                refusal: ControlRefusal(message: failure.report.message, fix: failure.report.fix))
        }
    }
}

/// Lets so many in at once: each question costs a look at hosts.
private actor Door {
    private let limit: Int
    private var inside = 0

    init(limit: Int) {
        self.limit = limit
    }

    func enter() -> Bool {
        guard inside < limit else { return false }
        inside += 1
        return true
    }

    func leave() { inside -= 1 }
}

/// What `POST /v1/plan` is told.
package struct PlanQuestion: Codable, Sendable {
    /// Patterns, as of `stead plan --only`; empty for everything.
    package var only: [String]
    /// `text` or `json`.
    package var format: String
    /// Of a text: whether created files are shown whole, and whether it is coloured.
    package var isFull: Bool
    package var isColoured: Bool

    package init(
        only: [String] = [], format: String = "json", isFull: Bool = false,
        isColoured: Bool = false
    ) {
        self.only = only
        self.format = format
        self.isFull = isFull
        self.isColoured = isColoured
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let usual = PlanQuestion()
        only = try container.decodeIfPresent([String].self, forKey: .only) ?? usual.only
        format = try container.decodeIfPresent(String.self, forKey: .format) ?? usual.format
        isFull = try container.decodeIfPresent(Bool.self, forKey: .isFull) ?? usual.isFull
        isColoured =
            try container.decodeIfPresent(Bool.self, forKey: .isColoured) ?? usual.isColoured
    }
}
