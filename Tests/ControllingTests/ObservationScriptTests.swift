import Diagnostics
import FoundationEssentials
import Resources
import TestSupport
import Testing

@testable import Controlling

/// The script is run for real, by the shell the hosts have: dash or bash, and busybox with nothing
/// but its own applets.
@Suite struct ObservationScriptTests {
    static let shells: [LocalShell] = LocalShell.all

    @Test("a file as expected comes back without its content", arguments: shells)
    func same(shell: LocalShell) throws {
        let folder = try Scratch()
        let path = try folder.write("motd", "hello\n")
        let look = Look.file(path: path, expected: Digest(of: "hello\n"))
        let output = try shell.observe([look])
        guard case .file(let status, let content) = try output.sighting(of: path) else {
            Issue.record("not a file: \(output)")
            return
        }
        #expect(content == Content("hello\n"))
        #expect(content.bytes == nil)
        #expect(content.size == 6)
        #expect(status.mode == 0o644)
    }

    @Test("a file that differs comes back byte for byte", arguments: shells)
    func differs(shell: LocalShell) throws {
        let folder = try Scratch()
        let texts = ["", "\n", "a", "a\n\n", "stead-x end\n", "\u{0}\u{1}é\r\n"]
        for (index, text) in texts.enumerated() {
            let path = try folder.write("f\(index) it's $(x) `y` \\n", text)
            let output = try shell.observe([.file(path: path, expected: Digest(of: "other"))])
            guard case .file(_, let content) = try output.sighting(of: path) else {
                Issue.record("not a file: \(output)")
                continue
            }
            #expect(content.bytes == Array(text.utf8))
        }
    }

    @Test("what is not there is absent, what is something else is said", arguments: shells)
    func types(shell: LocalShell) throws {
        let folder = try Scratch()
        let file = try folder.write("file", "x")
        let directory = try folder.directory("directory")
        let link = try folder.link("link", to: "nowhere at all")
        let good = try folder.link("good", to: file)
        let pipe = try folder.pipe("pipe")
        let looks: [Look] = [
            .file(path: folder.path("absent"), expected: Digest(of: "")),
            .file(path: folder.path("no/such/folder"), expected: nil),
            .file(path: directory, expected: Digest(of: "")),
            .file(path: link, expected: Digest(of: "")),
            .file(path: pipe, expected: Digest(of: "")),
            .link(path: good, target: file), .link(path: folder.path("none"), target: file),
        ]
        let output = try shell.observe(looks)
        #expect(try output.sighting(of: folder.path("absent")) == .absent)
        #expect(try output.sighting(of: folder.path("no/such/folder")) == .absent)
        #expect(try output.sighting(of: link) == .link(target: "nowhere at all"))
        #expect(try output.sighting(of: pipe) == .other(description: "a pipe"))
        #expect(try output.sighting(of: good) == .link(target: file))
        #expect(try output.sighting(of: folder.path("none")) == .absent)
        guard case .directory = try output.sighting(of: directory) else {
            Issue.record("not a directory")
            return
        }
    }

    @Test("a link that leads elsewhere says where", arguments: shells)
    func links(shell: LocalShell) throws {
        let folder = try Scratch()
        let file = try folder.write("file", "x")
        let link = try folder.link("link", to: "/etc/passwd")
        let relative = try folder.link("relative", to: "file")
        let output = try shell.observe([
            .link(path: link, target: file), .link(path: relative, target: file),
        ])
        #expect(try output.sighting(of: link) == .link(target: "/etc/passwd"))
        #expect(try output.sighting(of: relative) == .link(target: file))
    }

    @Test(
        "a thousand files cost no thousand processes, and each gets its answer", arguments: shells)
    func many(shell: LocalShell) throws {
        let folder = try Scratch()
        var looks: [Look] = []
        for index in 0..<1000 {
            let path = try folder.write("file-\(index)", "content \(index)")
            let expected = index % 100 == 0 ? "moved" : "content \(index)"
            looks.append(.file(path: path, expected: Digest(of: expected)))
        }
        let output = try shell.observe(looks)
        for index in 0..<1000 {
            let sighting = try output.sighting(of: folder.path("file-\(index)"))
            guard case .file(_, let content) = sighting else {
                Issue.record("file-\(index) is \(sighting)")
                continue
            }
            #expect(content == Content("content \(index)"))
        }
    }

    @Test("a file too large to fetch gives its digest", arguments: shells)
    func large(shell: LocalShell) throws {
        let folder = try Scratch()
        let text = String(repeating: "x", count: Look.contentLimit + 1)
        let path = try folder.write("large", text)
        let output = try shell.observe([.file(path: path, expected: Digest(of: ""))])
        guard case .file(_, let content) = try output.sighting(of: path) else {
            Issue.record("not a file")
            return
        }
        #expect(content == Content(text))
        #expect(content.bytes == nil)
    }

    @Test("commands give their output and status", arguments: shells)
    func commands(shell: LocalShell) throws {
        let look = Look.command(
            script: "printf '%s|' \"$@\"; exit 3", arguments: ["a b", "$(id)", "it's", "-n"])
        let output = try shell.observe([look])
        let sighting = try output.command(look)
        #expect(sighting == CommandSighting(status: 3, output: "a b|$(id)|it's|-n|"))
    }

    @Test("an answer cut anywhere is a failure, never an absence")
    func truncated() throws {
        let folder = try Scratch()
        let path = try folder.write("motd", "hello\n")
        let script = ObservationScript([
            .file(path: path, expected: Digest(of: "other")),
            .file(path: folder.path("absent"), expected: Digest(of: "other")),
        ])
        let whole = try LocalShell.all[0].run(script.text())
        for length in 0..<whole.count {
            #expect(throws: Failure.self) {
                try ObservationAnswer.read(Array(whole.prefix(length)), of: script)
            }
        }
        _ = try ObservationAnswer.read(whole, of: script)
    }

    @Test("a host without sha256sum is a failure that names it")
    func lacks() throws {
        let script = ObservationScript([])
        let answer = "\(script.nonce.text) begin\n\(script.nonce.text) lacks sha256sum\n"
        #expect(
            throws: Failure.stalled(
                .init(
                    "the host has no `sha256sum`",
                    fix: "install coreutils, or a busybox that has it"))
        ) {
            try ObservationAnswer.read(Array(answer.utf8), of: script)
        }
    }
}
