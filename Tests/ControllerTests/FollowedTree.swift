import Foundation
import Glibc
import TestSupport

/// A repository with one server, this machine, and `stead controller` that follows its branch.
final class FollowedTree: Sendable {
    let scratch: Scratch
    let stead: SteadProcess

    init(settings: String = "") throws {
        scratch = try Scratch()
        stead = SteadProcess(
            folder: scratch.root, environment: ["STEAD_STATE": scratch.path("state")])
        try scratch.write(
            "repo/desired/servers/here.yaml", "kind: Server\nname: here\ntransport: local\n")
        try self.settings(settings)
        try scratch.shell("git init --quiet --initial-branch=main repo")
    }

    /// Writes the settings: short intervals, and what the test adds.
    func settings(_ text: String) throws {
        let own = text.contains("reconcile:") ? "" : "reconcile: {interval: 1s}\n"
        try scratch.write(
            "repo/desired/stead.yaml", "version: 1\nsource: {interval: 1s}\n\(own)\(text)")
    }

    /// Declares a file of the managed root.
    func file(_ name: String, _ content: String, at place: String? = nil, extra: String = "")
        throws
    {
        try scratch.write(
            "repo/desired/files/\(name).yaml",
            """
            kind: File
            name: \(name)
            server: here
            path: \(scratch.path("root/\(place ?? name)"))
            content: "\(content)"
            \(extra)
            """)
    }

    func remove(_ name: String) throws {
        try scratch.remove("repo/desired/files/\(name).yaml")
    }

    /// Commits everything, and returns the commit.
    @discardableResult
    func commit(_ message: String = "Change") throws -> String {
        try scratch.shell(
            "cd repo; git add -A; git commit --quiet --message='\(message)'; git rev-parse HEAD"
        ).split(separator: "\n").last.map(String.init) ?? ""
    }

    func seen(_ name: String) -> String? { try? scratch.read("root/\(name)") }

    /// Starts a controller; several may be started.
    func start(_ name: String = "controller", extra: [String] = []) throws -> RunningController {
        try RunningController(self, log: "\(name).log", extra: extra)
    }

    /// What the state says, without the controller.
    func status() throws -> String { try stead.run("status").output }
}

/// A `stead controller` that runs beside a test.
final class RunningController: Sendable {
    let process: BackgroundProcess
    private let tree: FollowedTree
    private let logName: String

    init(_ tree: FollowedTree, log: String, extra: [String]) throws {
        self.tree = tree
        logName = log
        // `exec` keeps the process this one, so that a signal meets the controller.
        let words =
            [
                SteadProcess.path, "controller", "--repo", "repo", "--ref", "main", "--state",
                "state",
            ] + extra
        let command = words.map { "'\($0)'" }.joined(separator: " ")
        process = try BackgroundProcess([
            "/bin/sh", "-c",
            "cd '\(tree.scratch.root)' && exec env STEAD_SECRETS=.. \(command) >>\(log) 2>&1",
        ])
    }

    var log: String { (try? tree.scratch.read(logName)) ?? "" }

    func signal(_ number: Int32) { kill(process.identifier, number) }

    /// Waits for the process to end by itself, and returns its status.
    func ended(within seconds: Double = 20) -> Int32? {
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end {
            var status: Int32 = 0
            if waitpid(process.identifier, &status, WNOHANG) == process.identifier {
                return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
            }
            usleep(20_000)
        }
        return nil
    }
}
