import Foundation
import TestSupport

/// A followed tree with several servers, each of them this machine with files of its own.
final class RolledTree: Sendable {
    let tree: FollowedTree
    private let canaries: [String]
    let others: [String]

    /// `rollout` is what stands in the settings besides the group of canaries; the others are in no
    /// group.
    init(
        _ rollout: String, canaries: [String] = ["c1"], others: [String] = ["s1", "s2"]
    ) throws {
        tree = try FollowedTree(
            settings: "rollout: {groups: [{tier: canary}]\(rollout.isEmpty ? "" : ", ")\(rollout)}")
        self.canaries = canaries
        self.others = others
        try tree.scratch.remove("repo/desired/servers/here.yaml")
        for name in canaries + others {
            let labels = canaries.contains(name) ? "labels: {tier: canary}\n" : ""
            try tree.scratch.write(
                "repo/desired/servers/\(name).yaml",
                "kind: Server\nname: \(name)\ntransport: local\n\(labels)")
        }
    }

    var all: [String] { canaries + others }

    /// Declares the file `note` of a server, healthy unless it holds `bad`: what is well has all the
    /// time that a busy machine may take to say so.
    func note(_ content: String, on server: String, checks: Bool = true) throws {
        let path = tree.scratch.path("root/\(server)")
        let health = """
            health:
              command: [sh, -c, "! grep -q bad \\"$1\\"", sh, \(path)]
              deadline: \(content.contains("bad") ? "1s" : "60s")
            """
        try file("note-\(server)", content, on: server, at: server, extra: checks ? health : "")
    }

    /// The same on all servers, and a commit.
    @discardableResult
    func commit(_ content: String) throws -> String {
        for server in all { try note(content, on: server) }
        return try tree.commit("Say \(content)")
    }

    func file(
        _ name: String, _ content: String, on server: String, at place: String, extra: String = ""
    ) throws {
        try tree.scratch.write(
            "repo/desired/files/\(name).yaml",
            """
            kind: File
            name: \(name)
            server: \(server)
            path: \(tree.scratch.path("root/\(place)"))
            content: "\(content)"
            \(extra)
            """)
    }

    func seen(_ server: String) -> String? { tree.seen(server) }

    /// Whether every server has a content.
    func isEverywhere(_ content: String) -> Bool { all.allSatisfy { seen($0) == content } }

    func status() -> String { (try? tree.status()) ?? "" }
}

extension RunningController {
    /// The order in which something happened to subjects, by the log.
    func subjects(of event: String) -> [String] {
        log.split(separator: "\n").compactMap { line in
            guard line.contains("event=\(event) subject="),
                let start = line.range(of: "subject=")
            else { return nil }
            return String(line[start.upperBound...].prefix { $0 != " " })
        }
    }
}
