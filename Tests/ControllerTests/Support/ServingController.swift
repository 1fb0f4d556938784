import Foundation
import TestSupport
import Testing

/// A git repository, a state, and the real `stead controller` that follows its branch `main`; the
/// host is a folder of this machine.
final class ServingController: Sendable {
    let scratch: Scratch
    let port: Int
    let stead: SteadProcess
    private let process: BackgroundProcess

    /// Starts it in a folder that has the repository, or will have it.
    init(_ scratch: Scratch, following repository: String = "repo") throws {
        self.scratch = scratch
        port = try LoopbackListener().port
        stead = SteadProcess(
            folder: scratch.root, environment: ["STEAD_STATE": scratch.path("state")])
        process = try BackgroundProcess([
            "/bin/sh", "-c",
            """
            cd "$1" && exec env STEAD_SECRETS=.. "$2" controller --repo \(repository) --ref main \
                --state state --listen "127.0.0.1:$3" 2>>controller.log
            """, "sh", scratch.root, SteadProcess.path, "\(port)",
        ])
    }

    func end() { process.end() }

    /// Everything it has said.
    var log: String { (try? scratch.read("controller.log")) ?? "" }

    /// Waits until something holds; a test that waits in vain fails by what it checks next.
    static func wait(until isSo: () throws -> Bool) async throws {
        for _ in 0..<600 {
            if try isSo() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Waits until the log says so.
    func waitForLog(_ words: String) async throws {
        try await Self.wait { log.contains(words) }
        #expect(log.contains(words), "\(log)")
    }

    /// One request by curl: the status, and the body.
    func request(
        _ path: String, headers: [String: String] = [:], body: Data? = nil
    ) throws -> (status: Int, body: String) {
        var arguments = [
            "-sS", "-o", "-", "-w", "\n%{http_code}", "http://127.0.0.1:\(port)\(path)",
        ]
        for (name, value) in headers { arguments += ["-H", "\(name): \(value)"] }
        if let body {
            let file = scratch.url("body-\(UUID().uuidString)")
            try body.write(to: file)
            arguments += ["-X", "POST", "-H", "expect:", "--data-binary", "@\(file.path)"]
        }
        let result = try Tool.run("/usr/bin/curl", arguments)
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }
}

extension Scratch {
    /// Makes `repo`: a branch `main` whose tree declares one file on this machine.
    func makeRepository(settings: String = "version: 1\nsource: {interval: 1h}\n") throws {
        try write("repo/desired/stead.yaml", settings)
        try write(
            "repo/desired/servers/here.yaml", "kind: Server\nname: here\ntransport: local\n")
        try declare("one")
        try shell("git init -q -b main repo && cd repo && git add -A && git commit -qm First")
    }

    /// Has the file hold some words.
    func declare(_ words: String) throws {
        try write(
            "repo/desired/files/note.yaml",
            """
            kind: File
            name: note
            server: here
            path: \(path("root/note"))
            content: "\(words)\\n"
            """)
    }

    /// Has the file hold some words, by a commit.
    func commit(_ words: String) throws {
        try declare(words)
        try shell("cd repo && git add -A && git commit -qm 'Say \(words)'")
    }

    /// What the host's file says.
    var note: String { ((try? read("root/note")) ?? "").trimmingCharacters(in: .whitespaces) }
}
