import Diagnostics
import FoundationEssentials
import Manifests
import Resources
import TestSupport
import Testing

/// One after another: whose certificates are trusted holds for the whole process.
@Suite("A tree fetched over https", .serialized)
struct HTTPSFetchTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.makeRepository()
    }

    private func environment(
        _ server: GitHTTPSServer, token: String? = nil
    ) -> [String: String] {
        var environment = ["GIT_SSL_CAINFO": server.authority]
        environment["STEAD_GIT_TOKEN"] = token
        return environment
    }

    @Test("is read, and read again when it has changed")
    func update() throws {
        let server = try GitHTTPSServer(in: scratch)
        let address = "\(server.address)/repo/.git"
        let environment = environment(server)
        #expect(try scratch.readTree(address, environment: environment).content == "Welcome.")
        try scratch.writeTree("repo", content: "Second.")
        try scratch.shell("cd repo; git add -A; git commit -q -m Second")
        #expect(try scratch.readTree(address, environment: environment).content == "Second.")
        server.end()
        let failure = try #require(scratch.failure(of: address, environment: environment))
        guard case .transient = failure else {
            Issue.record("\(failure)")
            return
        }
    }

    @Test("needs a certificate that is trusted, and says how")
    func certificate() throws {
        let server = try GitHTTPSServer(in: scratch)
        let other = try Scratch()
        let stranger = try GitHTTPSServer(in: other)
        let failure = try #require(
            scratch.failure(
                of: "\(server.address)/repo/.git",
                environment: ["GIT_SSL_CAINFO": stranger.authority]))
        guard case .stalled(let report) = failure else {
            Issue.record("\(failure)")
            return
        }
        #expect(report.fix?.contains("GIT_SSL_CAINFO") == true, "\(report)")
        // No other name will do either.
        let name = server.address.replacing("localhost", with: "127.0.0.1")
        #expect(
            scratch.failure(of: "\(name)/repo/.git", environment: environment(server)) != nil)
    }

    @Test("shows a token to whoever asks for it there, and to nobody else")
    func token() throws {
        let server = try GitHTTPSServer(in: scratch, token: "s3cret")
        let address = "\(server.address)/repo/.git"
        let right = environment(server, token: "s3cret")
        #expect(try scratch.readTree(address, environment: right).content == "Welcome.")
        let moved = "\(server.address)/moved/repo/.git"
        #expect(try scratch.readTree(moved, environment: right).content == "Welcome.")
        for token in [nil, "wr0ng"] {
            let failure = try #require(
                scratch.failure(of: address, environment: environment(server, token: token)))
            guard case .stalled(let report) = failure else {
                Issue.record("\(failure)")
                return
            }
            #expect(report.fix?.contains("STEAD_GIT_TOKEN") == true, "\(report)")
            #expect(!"\(failure)".contains("wr0ng"))
        }
        #expect(try scratch.shell("grep -rl s3cret state || true").isEmpty)
    }

    @Test("a repository that is not there is no reason to try again")
    func missing() throws {
        let server = try GitHTTPSServer(in: scratch)
        let failure = try #require(
            scratch.failure(of: "\(server.address)/none.git", environment: environment(server)))
        guard case .stalled(let report) = failure else {
            Issue.record("\(failure)")
            return
        }
        #expect(report.message.contains("none.git"), "\(report)")
    }
}
