import Crypto
import Foundation
import TestSupport
import Testing

/// Deliveries as GitHub, Gitea, Forgejo and GitLab send them, to a controller that runs.
@Suite struct WebhookTests {
    private let scratch: Scratch
    private let controller: ServingController
    private let secret: String

    init() throws {
        scratch = try Scratch()
        try scratch.makeRepository()
        controller = try ServingController(scratch)
        let shown = try controller.stead.run("hook", "secret")
        try #require(shown.status == 0, "\(shown.everything)")
        secret = shown.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A push to a branch; `note` makes one body differ from another.
    private func push(_ branch: String = "main", note: String = "") -> Data {
        Data(#"{"ref":"refs/heads/\#(branch)","note":"\#(note)"}"#.utf8)
    }

    private func code(_ body: Data) -> String {
        HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8)))
            .map { String(format: "%02x", $0) }.joined()
    }

    private func gitHub(_ body: Data, _ event: String = "push", id: String = "1") -> [String:
        String]
    {
        [
            "X-GitHub-Event": event, "X-GitHub-Delivery": id,
            "X-Hub-Signature-256": "sha256=\(code(body))",
        ]
    }

    /// Headers in GitLab's newer form.
    private func standard(_ body: Data, id: String, at time: Int) throws -> [String: String] {
        let key = try #require(Data(base64Encoded: String(secret.dropFirst("whsec_".count))))
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(id).\(time).".utf8) + body, using: SymmetricKey(data: key))
        return [
            "X-Gitlab-Event": "Push Hook", "webhook-id": id, "webhook-timestamp": "\(time)",
            "webhook-signature": "v1,AAAA v1,\(Data(code).base64EncodedString())",
        ]
    }

    private var now: Int { Int(Date().timeIntervalSince1970) }

    private func post(
        _ body: Data, _ headers: [String: String]
    ) throws -> (status: Int, body: String) {
        try controller.request("/hooks/git", headers: headers, body: body)
    }

    @Test("a push in any of the formats is applied at once")
    func formats() async throws {
        try await controller.waitForLog("event=applied")
        let formats: [(String, (Data) throws -> [String: String])] = [
            ("github", { gitHub($0) }),
            ("gitea", { ["X-Gitea-Event": "push", "X-Gitea-Signature": code($0)] }),
            ("forgejo", { ["X-Forgejo-Event": "push", "X-Forgejo-Signature": code($0)] }),
            ("token", { _ in ["X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": secret] }),
            ("standard", { try standard($0, id: "a", at: now) }),
        ]
        for (name, headers) in formats {
            try scratch.commit(name)
            let body = push(note: name)
            let answer = try post(body, headers(body))
            #expect(answer.status == 202 && answer.body.contains("looking"), "\(name) \(answer)")
            try await ServingController.wait { scratch.note == "\(name)\n" }
            #expect(scratch.note == "\(name)\n", "\(controller.log)")
        }
    }

    @Test("what is not signed with the secret is refused without a word, and does nothing")
    func unsigned() async throws {
        try await controller.waitForLog("event=applied")
        try scratch.commit("two")
        let body = push()
        var altered = body
        altered.append(0x20)
        let other = String(code(body).reversed())
        let cases: [(Data, [String: String])] = [
            (body, [:]),
            (body, ["X-GitHub-Event": "push"]),
            (altered, gitHub(body)),
            (body, ["X-Hub-Signature-256": "sha256=\(other)"]),
            (body, ["X-Hub-Signature-256": "sha256="]),
            (body, ["X-Hub-Signature-256": "sha1=\(code(body))"]),
            (body, ["X-Gitea-Signature": "\(code(body).dropLast())"]),
            (body, ["X-Gitlab-Token": String(secret.dropLast())]),
            (body, ["X-Gitlab-Token": ""]),
            (body, try standard(altered, id: "b", at: now)),
            // Another format's valid signature does not make up for one that proves more.
            (
                body,
                ["X-Gitlab-Token": secret].merging(try standard(altered, id: "c", at: now)) { $1 }
            ),
        ]
        for (body, headers) in cases {
            let answer = try post(body, headers)
            #expect(answer.status == 401 && answer.body.isEmpty, "\(headers) \(answer)")
        }
        #expect(scratch.note == "one\n")
        #expect(controller.log.contains("a webhook is refused"))
        #expect(!controller.log.contains(secret))
    }

    @Test("a delivery is taken once, and one with a time only within five minutes of it")
    func replays() throws {
        try settle()
        let body = push()
        #expect(try post(body, gitHub(body)).body.contains("looking"))
        #expect(try post(body, gitHub(body)).body.contains("taken already"))
        // An id that is not signed can be exchanged, and what is signed is the same.
        let again = try post(body, gitHub(body, id: "2"))
        #expect(again.status == 202 && again.body.contains("taken already"))
        let next = push(note: "next")
        #expect(try post(next, gitHub(next, id: "3")).body.contains("looking"))

        for time in [now - 400, now + 400] {
            #expect(try post(body, standard(body, id: "old", at: time)).status == 401)
        }
        let headers = try standard(body, id: "new", at: now - 200)
        #expect(try post(body, headers).body.contains("looking"))
        #expect(try post(body, headers).body.contains("taken already"))
    }

    @Test("other branches and other events are taken, and nothing is done")
    func others() throws {
        try settle()
        let other = push("topic")
        let answer = try post(other, gitHub(other))
        #expect(answer.status == 202 && answer.body.contains("another branch"))
        let ping = Data(#"{"zen":"Keep it simple"}"#.utf8)
        let pong = try post(ping, gitHub(ping, "ping", id: "4"))
        #expect(pong.status == 202 && pong.body.contains("nothing is done"))
        let form = Data("payload=%7B%7D".utf8)
        let filled = try post(form, gitHub(form, id: "5"))
        #expect(filled.status == 202 && filled.body.contains("application/json"))
    }

    @Test("a body of more than 1 MiB is not read")
    func size() throws {
        try settle()
        let body = Data(repeating: 0x20, count: 1 << 20 + 1)
        #expect(try post(body, gitHub(body)).status == 413)
        let chunked = gitHub(body).merging(["Transfer-Encoding": "chunked"]) { $1 }
        #expect(try post(body, chunked).status == 413)
        let largest = Data(repeating: 0x20, count: 1 << 20)
        #expect(try post(largest, gitHub(largest)).status == 202)
    }

    @Test("a new secret counts at once, and the former one no more; without one there is no door")
    func rotation() throws {
        try settle()
        let body = push()
        let former = gitHub(body)
        #expect(try controller.stead.run("hook", "secret").output == "\(secret)\n")
        let rotated = try controller.stead.run("hook", "secret", "--rotate")
        #expect(rotated.status == 0 && rotated.output != "\(secret)\n")
        #expect(rotated.errors.contains("/hooks/git"), "\(rotated.everything)")
        #expect(try post(body, former).status == 401)
        let attributes = try FileManager.default.attributesOfItem(
            atPath: scratch.path("state/keys/webhook"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)

        let token = rotated.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try post(body, ["X-Gitlab-Token": token]).status == 202)
        try scratch.shell("chmod 644 state/keys/webhook")
        #expect(try post(body, ["X-Gitlab-Token": token]).status == 404)
        try scratch.remove("state/keys/webhook")
        #expect(try post(body, ["X-Gitlab-Token": token]).status == 404)
        #expect(!controller.log.contains(token))
    }

    @Test("all who ask at once for the first secret of a state are told the same")
    func first() async throws {
        let scratch = try Scratch()
        let stead = SteadProcess(
            folder: scratch.root, environment: ["STEAD_STATE": scratch.path("new")])
        let answers = try await withThrowingTaskGroup(of: SteadProcess.Result.self) { group in
            for _ in 0..<8 { group.addTask { try stead.run("hook", "secret") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.status == 0 }, "\(answers.map(\.everything))")
        #expect(Set(answers.map(\.output)).count == 1)
    }

    /// Waits until the door is open.
    private func settle() throws {
        for _ in 0..<300 where try controller.request("/healthz").status != 200 {
            usleep(100_000)
        }
        #expect(try controller.request("/healthz").status == 200, "\(controller.log)")
    }
}
