import TestSupport
import Diagnostics
import Kinds
import Manifests
import Resources
import Testing

extension Scratch {
    /// Writes a small tree below `folder`: a server, and a file with this content.
    func writeTree(_ folder: String, content: String = "Welcome.") throws {
        try write("\(folder)/desired/servers/in3.yaml", "kind: Server\nname: in3\nhost: 10.0.0.1\n")
        try write(
            "\(folder)/desired/files/motd.yaml",
            "kind: File\nname: motd\nserver: in3\npath: /etc/motd\ncontent: \(content)\n")
        try write("\(folder)/templates/nginx/frontend.conf", "server_name {{serverNames}};\n")
    }

    /// A repository with that tree in one commit, on the branch `main`.
    func makeRepository(_ name: String = "repo") throws {
        try writeTree(name)
        try shell(
            "git init -q -b main \(name) && cd \(name) && git add -A && git commit -qm 'First'")
    }

    func readTree(
        _ location: String, ref: String? = nil, environment: [String: String] = [:],
        limits: TreeLimits = .standard
    ) throws(TreeError) -> Tree {
        try TreeSource(
            location, ref: ref, state: path("state"), environment: environment, limits: limits
        ).read()
    }

    /// Why a tree can't be read; fails the test when it can.
    func refusal(of location: String, ref: String? = nil, limits: TreeLimits = .standard)
        -> [Diagnostic]
    {
        do throws(TreeError) {
            let tree = try readTree(location, ref: ref, limits: limits)
            Issue.record("read \(tree.documents.map(\.file))")
        } catch {
            if case .invalid(let diagnostics) = error { return diagnostics }
            Issue.record("\(error)")
        }
        return []
    }

    /// Why a tree can't be fetched; fails the test when it can.
    func failure(of location: String, environment: [String: String] = [:]) -> Failure? {
        do throws(TreeError) {
            _ = try TreeSource(location, state: path("state"), environment: environment).read()
            Issue.record("it was read")
        } catch {
            if case .failed(let failure) = error { return failure }
            Issue.record("\(error)")
        }
        return nil
    }
}

extension Tree {
    var files: [String] { documents.map(\.file) }

    /// The text of a document.
    func text(_ file: String) -> String? {
        documents.first { $0.file == file }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// The value of a document's last line that begins with `content: `.
    var content: String? {
        text("desired/files/motd.yaml")?.split(separator: "\n").last.map { String($0.dropFirst(9)) }
    }
}
