import Foundation
import Glibc
import TestSupport
import Testing

/// What people are told, by what the controller really sends.
@Suite struct NotifyTests {
    /// Breaks the commit: the place of a file lies in what is a file.
    private func breakTree(_ tree: FollowedTree) throws {
        try tree.file("motd", "two", at: "other/motd")
        try tree.commit("Break")
    }

    private func started(_ settings: String) throws -> (FollowedTree, RunningController) {
        let tree = try FollowedTree(settings: settings)
        try tree.file("motd", "one")
        try tree.file("other", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        return (tree, controller)
    }

    @Test("each target is told once of each event, signed, as it reads it, and of what it wants")
    func everyChannel() throws {
        let (hook, slack, mail) = (try HTTPReceiver(), try HTTPReceiver(), try MailReceiver())
        let scratch = try Scratch()
        let secret = try scratch.secret("secret", "a secret of ours\n")
        let password = try scratch.secret("password", "open sesame\n")
        let url = try scratch.secret("url", "http://127.0.0.1:\(slack.port)/token-in-a-path\n")
        let (tree, controller) = try started(
            """
            notify:
              - {webhook: "http://127.0.0.1:\(hook.port)/hook", secretFile: \(secret)}
              - {slack: {urlFile: \(url)}, events: [stalled], include: ["file/*"]}
              - email:
                  to: [ops@example.com, ada@example.com]
                  from: stead@example.com
                  smtp: "smtp://localhost:\(mail.port)"
                  user: stead
                  passwordFile: \(password)
                events: [stalled]
              - {webhook: "http://127.0.0.1:\(hook.port)/other", exclude: ["file/mo*"]}
            """)
        try breakTree(tree)
        #expect(eventually { !mail.mails.isEmpty && !slack.requests.isEmpty }, "\(controller.log)")
        #expect(eventually { !hook.requests.isEmpty }, "\(controller.log)")
        try tree.file("motd", "three")
        try tree.commit("Mend")
        #expect(eventually { hook.requests.count == 2 }, "\(controller.log)")
        Thread.sleep(forTimeInterval: 3)
        #expect(hook.requests.count == 2, "\(hook.requests)")
        #expect(slack.requests.count == 1 && mail.mails.count == 1)

        let told = hook.requests.map(\.body)
        #expect(told.first?.contains(#""event":"stalled""#) == true, "\(told)")
        #expect(told.first?.contains(#""subject":"file/motd""#) == true, "\(told)")
        #expect(told.last?.contains(#""event":"recovered""#) == true, "\(told)")
        #expect(slack.requests.first?.body.hasPrefix(#"{"text":"stalled: file/motd: "#) == true)
        let text = mail.mails.first ?? ""
        #expect(text.contains("RCPT TO:<ada@example.com>"), "\(text)")
        #expect(text.contains("Subject: stead: stalled file/motd"), "\(text)")
        let plain = Data("\0stead\0open sesame".utf8).base64EncodedString()
        #expect(text.contains("AUTH PLAIN") && text.contains(plain), "\(text)")
        try checkSignature(try #require(hook.requests.first), scratch)
        #expect(!controller.log.contains("token-in-a-path"))
        #expect(!controller.log.contains("sesame"))
    }

    /// As docs/settings.md tells it, with another program.
    private func checkSignature(_ request: HTTPReceiver.Request, _ scratch: Scratch) throws {
        let id = try #require(request.headers["webhook-id"])
        let time = try #require(request.headers["webhook-timestamp"])
        try scratch.write("signed", "\(id).\(time).\(request.body)")
        let digest = try scratch.shell(
            "openssl dgst -sha256 -hmac 'a secret of ours' -binary signed | base64")
        #expect(
            request.headers["webhook-signature"]
                == "v1," + digest.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(request.body.contains(#""id":"\#(id)""#))
    }

    @Test("a dead target delays no other, and a controller killed meanwhile loses no message")
    func killed() throws {
        let alive = try HTTPReceiver()
        let deadPort = try LoopbackListener().port
        let (tree, first) = try started(
            """
            notify:
              - {webhook: "http://127.0.0.1:\(deadPort)/"}
              - {webhook: "http://127.0.0.1:\(alive.port)/"}
            """)
        try breakTree(tree)
        #expect(eventually { alive.requests.count == 1 }, "\(first.log)")
        #expect(eventually { first.log.contains("can't be told of file/motd") }, "\(first.log)")
        first.process.end()
        let back = try HTTPReceiver(port: deadPort)
        let second = try tree.start("second")
        #expect(eventually { back.requests.count == 1 }, "\(second.log)")
        Thread.sleep(forTimeInterval: 3)
        #expect(back.requests.count == 1 && alive.requests.count == 1)
        #expect(back.requests.first?.body == alive.requests.first?.body, "one id for both")
    }

    @Test("a server elsewhere gets neither mail nor password without TLS")
    func mailInClear() throws {
        let mail = try MailReceiver()
        let scratch = try Scratch()
        let password = try scratch.secret("password", "open sesame\n")
        let (tree, controller) = try started(
            """
            notify:
              - email:
                  to: [ops@example.com]
                  from: stead@example.com
                  smtp: "smtp://mail.localhost:\(mail.port)"
                  passwordFile: \(password)
            """)
        try breakTree(tree)
        #expect(
            eventually { controller.log.contains("email ops@example.com can't be told") },
            "\(controller.log)")
        #expect(mail.mails.isEmpty)
    }

    @Test("what waits for a person is told, and so is a commit that is not taken")
    func heldAndRefused() throws {
        let hook = try HTTPReceiver()
        let (tree, controller) = try started(
            "notify: [{webhook: \"http://127.0.0.1:\(hook.port)/\"}]")
        try tree.scratch.write("repo/desired/files/bad.yaml", "kind: File\nnmae: x\n")
        try tree.commit("Invalid")
        #expect(
            eventually { hook.requests.contains { $0.body.contains(#""event":"refused""#) } },
            "\(controller.log)")
        try tree.remove("bad")
        try tree.settings(
            """
            notify: [{webhook: "http://127.0.0.1:\(hook.port)/"}]
            policy: {approve: always}
            """)
        try tree.file("motd", "two")
        try tree.commit("Wait")
        #expect(
            eventually { hook.requests.contains { $0.body.contains(#""event":"held""#) } },
            "\(controller.log)")
    }
}
