import Controlling
import Diagnostics
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// `POST /hooks/git`: somebody who knows the secret says that a branch has moved.
///
/// Of what is said only the branch's name is looked at, and only to decide whether to look at the
/// source now: what is applied comes from the repository alone.
struct WebhookRoutes: Sendable {
    private let controller: Controller
    /// The state folder.
    private let state: String
    private let logger: Logger
    private let window = ReplayWindow()
    private let failures = FailureLog()

    private static let bodyLimit = 1 << 20

    init(controller: Controller, state: String, logger: Logger) {
        self.controller = controller
        self.state = state
        self.logger = logger
    }

    /// What every format has in common.
    private struct Push: Decodable {
        var ref: String
    }

    func add(to router: Router<ControlContext>) {
        router.post("hooks/git") { request, _ in try await take(request) }
    }

    private func take(_ request: Request) async throws -> EditedResponse<String> {
        guard let secret = await secret() else {
            return EditedResponse(status: .notFound, response: "")
        }
        let declared = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard declared <= Self.bodyLimit else { throw HTTPError(.contentTooLarge) }
        let buffer = try await request.body.collect(upTo: Self.bodyLimit)
        let body = Array(buffer.readableBytesView)
        let now = Int(Date.now.timeIntervalSince1970)
        guard let signature = WebhookSignature(request.headers),
            signature.isValid(secret, body: body, now: now)
        else {
            await refuse("its signature is missing, wrong or out of time", now)
            return EditedResponse(status: .unauthorized, response: "")
        }
        return EditedResponse(
            status: .accepted,
            response: try await answer(request.headers, signature, body, now) + "\n")
    }

    /// Does what a delivery asks for that has proven where it comes from.
    private func answer(
        _ headers: HTTPFields, _ signature: WebhookSignature, _ body: [UInt8], _ now: Int
    ) async throws -> String {
        guard await window.take(Self.keys(headers, signature, body), now: now) else {
            return "taken already"
        }
        let event = Self.event(headers)
        guard event == nil || event == "push" || event == "push hook" else {
            return "nothing is done about this event"
        }
        guard let push = try? JSONDecoder().decode(Push.self, from: Data(body)) else {
            return "nothing is done: the body is no push in JSON (application/json)"
        }
        guard isFollowed(push.ref, branch: await controller.snapshot().branch) else {
            return "nothing is done: another branch is followed"
        }
        await controller.lookAtSource()
        return "looking at the source"
    }

    /// What a delivery is known by. An id counts alone only where it is signed: another one might
    /// be put to what somebody has listened to.
    private static func keys(
        _ headers: HTTPFields, _ signature: WebhookSignature, _ body: [UInt8]
    ) -> [[UInt8]] {
        if case .standard(let id, _, _) = signature { return [Array("id \(id)".utf8)] }
        let names = ["x-github-delivery", "x-gitea-delivery", "x-gitlab-event-uuid"]
        let id = names.compactMap { HTTPField.Name($0) }.compactMap { headers[$0] }.first
        return (id.map { [Array("id \($0)".utf8)] } ?? []) + [Array("body ".utf8) + body]
    }

    private static func event(_ headers: HTTPFields) -> String? {
        ["x-forgejo-event", "x-gitea-event", "x-github-event", "x-gitlab-event"]
            .compactMap { HTTPField.Name($0) }.compactMap { headers[$0] }.first?.lowercased()
    }

    /// Whether a push to `ref` may move what is followed; with no branch named it is the
    /// repository's own choice, and any branch may be it.
    private func isFollowed(_ ref: String, branch: String) -> Bool {
        guard ref.hasPrefix("refs/heads/") else { return ref == branch }
        let name = ref.dropFirst("refs/heads/".count)
        return branch == "HEAD" || branch == ref || branch == name || branch == "origin/\(name)"
    }

    private func secret() async -> WebhookSecret? {
        do throws(Failure) {
            return try WebhookSecret.read(state: state)
        } catch {
            await refuse(error.report.message, Int(Date.now.timeIntervalSince1970))
            return nil
        }
    }

    private func refuse(_ reason: String, _ now: Int) async {
        guard let others = await failures.count(now) else { return }
        let more = others > 0 ? " (and \(others) more before it)" : ""
        logger.warning("a webhook is refused: \(reason)\(more)")
    }
}

/// Lets one failure a second be written down, with how many were not.
private actor FailureLog {
    private var last = 0
    private var unsaid = 0

    /// How many were left out since the last; nil when this one is to be left out too.
    func count(_ now: Int) -> Int? {
        guard now > last else {
            unsaid += 1
            return nil
        }
        last = now
        defer { unsaid = 0 }
        return unsaid
    }
}
