import Foundation
import Resources
import TestSupport
import Testing

@testable import Controlling

/// The scripts are run for real, by the shells that hosts have, against a real web server.
@Suite struct HealthScriptTests {
    /// What a host has to ask with.
    enum Means: String, CaseIterable {
        case curl
        /// As a Debian without curl.
        case bash
        /// Nothing but busybox.
        case nc
    }

    /// Why a check fails; nil when it does not.
    private func complaint(_ probe: HealthCheck.Probe, _ means: Means) throws -> String? {
        var text = String(
            decoding: HealthScript(HealthCheck(probe), seconds: 5).text, as: UTF8.self)
        if means != .curl { text.replace("has curl", with: "false") }
        if means == .nc { text.replace("PATH=$PATH:", with: "PATH=$PATH: OTHER=") }
        let shell = try #require(LocalShell.all.first { ($0.path != nil) == (means == .nc) })
        let script = "(\n\(text)\n)\nprintf '\\n%s' \"$?\"\n"
        let output = String(decoding: try shell.run(Array(script.utf8)), as: UTF8.self)
        let lines = output.split(separator: "\n")
        return lines.last == "0" ? nil : lines.dropLast().joined(separator: "\n")
    }

    @Test(
        "a command is healthy when it ends with 0, and its last words are told",
        arguments: Means.allCases)
    func command(means: Means) throws {
        #expect(try complaint(.command(["true"]), means) == nil)
        let words = ["sh", "-c", "echo first; echo \"$1\"; exit 3", "sh", "it's `last`"]
        #expect(try complaint(.command(words), means) == "ended with status 3: it's `last`")
        let missing = try complaint(.command(["/no/such/command"]), means)
        #expect(missing?.hasPrefix("ended with status 127") == true, "\(missing ?? "nil")")
    }

    @Test("a port takes connections, or does not", arguments: Means.allCases)
    func tcp(means: Means) throws {
        let listener = try LoopbackListener()
        #expect(try complaint(.tcp(host: "127.0.0.1", port: listener.port), means) == nil)
        let refused = try complaint(.tcp(host: "127.0.0.1", port: 1), means)
        #expect(refused?.hasPrefix("takes no connection") == true, "\(refused ?? "nil")")
    }

    @Test("a request has its status, its body and its host", arguments: Means.allCases)
    func http(means: Means) throws {
        let server = try WebServer()
        func asked(_ path: String, _ change: (inout HealthCheck.Web) -> Void) throws -> String? {
            var web = HealthCheck.Web()
            web.url = "http://127.0.0.1:\(server.port)\(path)"
            change(&web)
            return try complaint(.http(web), means)
        }
        #expect(try asked("/well.txt") { $0.body = "it's $(well)" } == nil)
        #expect(
            try asked("/well.txt") { $0.body = "other" }
                == "answered 200, and its body does not hold what it should")
        #expect(try asked("/none.txt") { _ in } == "answered 404 instead of 200")
        #expect(try asked("/none.txt") { $0.status = 404 } == nil)
        server.end()
        let gone = try asked("/well.txt") { _ in }
        #expect(gone?.hasPrefix("no answer: ") == true, "\(gone ?? "nil")")
    }

    @Test("a unit that systemd does not know is not active", arguments: Means.allCases)
    func unit(means: Means) throws {
        let told = try complaint(.unit("stead-no-such-unit.service"), means)
        #expect(told != nil)
    }

    @Test("an address of the web falls into its parts")
    func targets() throws {
        func target(_ url: String) -> HealthCheck.Web.Target? {
            var web = HealthCheck.Web()
            web.url = url
            return web.target
        }
        let whole = try #require(target("http://[::1]:8080/a?b=c#d"))
        #expect(whole.host == "::1" && whole.port == 8080 && !whole.isSecure)
        #expect(whole.authority == "[::1]:8080" && whole.path == "/a?b=c")
        #expect(target("https://example.com")?.port == 443)
        #expect(target("https://example.com?x")?.path == "/?x")
        for wrong in ["ftp://x/", "http://", "http://a b/", "http://u:p@x/", "http://x:0/", "/x"] {
            #expect(target(wrong) == nil, "\(wrong)")
        }
    }
}

/// busybox's web server, over a folder with one file.
private final class WebServer {
    let port: Int
    private let scratch: Scratch
    private let process: BackgroundProcess

    init() throws {
        scratch = try Scratch()
        try scratch.write("web/well.txt", "all of it's $(well)\n")
        port = try LoopbackListener().port
        process = try BackgroundProcess([
            "/usr/bin/busybox", "httpd", "-f", "-p", "127.0.0.1:\(port)", "-h",
            scratch.path("web"),
        ])
        for _ in 0..<100 {
            if (try? Tool.run("/usr/bin/curl", ["-s", "http://127.0.0.1:\(port)/"]).status) == 0 {
                return
            }
            usleep(50_000)
        }
    }

    func end() { process.end() }
}
