import ArgumentParser
import FoundationEssentials
import Kinds
import Manifests
import Resources

/// `stead init [FOLDER]`: a first tree to change.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first desired tree: one server, one file.",
        discussion: "Never overwrites a file.")

    @Argument(help: "The folder to write to; made when it is not there.")
    var folder = "."

    @Option(help: "The host name or address of the first server; `local` is this machine.")
    var host = "local"

    func run() throws {
        let console = Console()
        let files = FirstTree.files(host: host)
        guard FirstTree.isValid(files), !host.contains(where: \.isWhitespace) else {
            throw ValidationError("--host must be a host name or an IP address, is `\(host)`")
        }
        for file in files.keys.sorted()
        where FileManager.default.fileExists(
            atPath: "\(folder)/\(file)")
        {
            throw ValidationError("\(folder)/\(file) exists already; nothing was written")
        }
        for (file, text) in files.sorted(by: { $0.key < $1.key }) {
            let path = "\(folder)/\(file)"
            let parent = path.split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(
                atPath: (path.hasPrefix("/") ? "/" : "") + parent,
                withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
            console.message("wrote \(path)")
        }
        console.message(
            "Next: `stead validate --repo \(folder)`, then `stead plan --repo \(folder)`.")
    }
}

/// What `stead init` writes.
enum FirstTree {
    /// Whether its documents have no errors.
    static func isValid(_ files: [String: String]) -> Bool {
        let documents = files.filter { $0.key.hasSuffix(".yaml") }.sorted { $0.key < $1.key }
            .map { SourceText(file: $0.key, bytes: Array($0.value.utf8)) }
        let tree = Tree(revision: Revision(id: "folder:first"), documents: documents)
        return Loader(catalog: Catalog.kinds).load(tree).desired != nil
    }

    /// By path.
    static func files(host: String) -> [String: String] {
        [
            ".gitignore": "/state/\n",
            "desired/stead.yaml": """
            version: 1
            policy: {maxDeletes: 3}

            """,
            "desired/servers/first.yaml": server(host: host),
            "desired/files/motd.yaml": """
            kind: File
            name: motd
            server: first
            path: /etc/motd
            content: |
              This machine is kept in step with a git repository.

            """,
        ]
    }

    private static func server(host: String) -> String {
        guard host != "local" else {
            return """
                kind: Server
                name: first
                transport: local

                """
        }
        return """
            kind: Server
            name: first
            host: \(host)
            user: root
            # identityFile: /etc/stead/keys/first   # omitted: the ssh-agent is asked
            # hostKey: ssh-ed25519 AAAA…            # the first plan prints the line to pin

            """
    }
}
