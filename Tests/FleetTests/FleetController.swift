import Foundation
import Glibc
import TestSupport

/// `stead controller` beside a test, on hosts of the fleet: a branch of the tree's repository and
/// what it is told to follow.
final class FleetController: Sendable {
    private let process: BackgroundProcess
    private let tree: FleetTree
    private let logName: String

    init(
        _ tree: FleetTree, following repository: String = "repo", name: String = "controller",
        environment: [String: String] = [:]
    ) throws {
        self.tree = tree
        logName = "\(name).log"
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let words =
            ["/usr/bin/env"] + variables
            + [
                SteadProcess.path, "controller", "--repo", repository, "--ref", "main",
                "--state", "state",
            ]
        // `exec` keeps the process this one, so that a signal meets the controller.
        let command = words.map { "'\($0)'" }.joined(separator: " ")
        process = try BackgroundProcess([
            "/bin/sh", "-c", "cd '\(tree.scratch.root)' && exec \(command) >>\(logName) 2>&1",
        ])
    }

    var log: String { (try? tree.scratch.read(logName)) ?? "" }

    func signal(_ number: Int32) { kill(process.identifier, number) }

    func end() { process.end() }

    /// Waits for words in its log; false when they don't come.
    func says(_ words: String) -> Bool { eventually { log.contains(words) } }

    /// Whether it ends by itself in time.
    func hasEnded() -> Bool {
        eventually { waitpid(process.identifier, nil, WNOHANG) == process.identifier }
    }
}

extension FleetTree {
    /// Short intervals for the branch, and long ones for hosts: what a test sees happens because of
    /// what it did, not because it was time.
    func follow(_ settings: String = "") throws {
        try document(
            "stead",
            "version: 1\nreconcile: {interval: 10m}\n"
                + (settings.contains("source:") ? "" : "source: {interval: 1s}\n") + settings)
        try scratch.shell("cd repo; [ -d .git ] || git init --quiet --initial-branch=main")
    }

    /// Commits everything.
    func commit(_ message: String = "Change") throws {
        try scratch.shell("cd repo; git add -A; git commit --quiet --message='\(message)'")
    }

    /// What a host's file says; nil when it is not there.
    func seen(_ name: String, on host: String) -> String? {
        (try? fleet.exec(host, "cat /srv/\(word)/\(name)"))?.trimmingCharacters(in: .newlines)
    }

    /// Runs a script on a host as root.
    @discardableResult
    func root(_ host: String, _ script: String) throws -> String {
        let quoted = script.replacing("'", with: "'\\''")
        return try fleet.exec(
            host, "sudo=; [ $(id -u) = 0 ] || sudo='sudo -n'; $sudo sh -euc '\(quoted)'")
    }
}
