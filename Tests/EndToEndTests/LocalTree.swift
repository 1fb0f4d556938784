import Foundation
import TestSupport

/// A desired tree in a folder of its own, a state beside it, and `stead` to run on both.
final class LocalTree: Sendable {
    let scratch: Scratch
    let stead: SteadProcess

    init() throws {
        scratch = try Scratch()
        try scratch.write("repo/desired/stead.yaml", "version: 1\n")
        try scratch.write(
            "repo/desired/servers/here.yaml", "kind: Server\nname: here\ntransport: local\n")
        stead = SteadProcess(
            folder: scratch.root, environment: ["STEAD_STATE": scratch.path("state")])
    }

    /// Declares a file of the managed root, at a place of its own name or of another.
    func file(
        _ name: String, content: String, at place: String? = nil, server: String = "here",
        extra: String = ""
    ) throws {
        let body = content.split(separator: "\n", omittingEmptySubsequences: false)
            .map { "  " + $0 }.joined(separator: "\n")
        try scratch.write(
            "repo/desired/files/\(name).yaml",
            """
            kind: File
            name: \(name)
            server: \(server)
            path: \(target(place ?? name))
            content: |
            \(body)
            \(extra)
            """)
    }

    /// Where a declared file lands.
    func target(_ name: String) -> String { scratch.path("root/\(name)") }

    func seen(_ name: String) throws -> String { try scratch.read("root/\(name)") }

    func plan(_ arguments: String...) throws -> SteadProcess.Result {
        try stead.run(["plan", "--repo", "repo"] + arguments)
    }

    func apply(_ arguments: String...) throws -> SteadProcess.Result {
        try stead.run(["apply", "--repo", "repo", "--yes"] + arguments)
    }
}
