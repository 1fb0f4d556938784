import ArgumentParser
import Controlling
import Diagnostics
import FoundationEssentials
import Resources

/// How to reach a server that no document declares yet.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "The host name or address of a server that is not declared yet.")
    var host: String?

    @Flag(help: "The server is this machine.")
    var local = false

    @Option(help: "The port of its sshd.")
    var port: Int?

    @Option(help: "The user to sign in as.")
    var user: String?

    @Flag(help: "That user becomes root with sudo.")
    var sudo = false

    @Option(help: "The private key to sign in with.")
    var identityFile: String?

    @Option(help: "The host's key, to be pinned: `ssh-ed25519 AAAA…`.")
    var hostKey: String?

    var isGiven: Bool { host != nil || local }

    func validate() throws {
        guard let identityFile else { return }
        let shown = Terminal.sanitized(identityFile)
        guard identityFile.hasPrefix("/"), !identityFile.utf8.contains(where: { $0 < 0x20 }) else {
            throw ValidationError(
                "--identity-file takes an absolute path on one line: `\(shown)` is none")
        }
        guard FileManager.default.fileExists(atPath: identityFile) else {
            throw ValidationError("--identity-file \(shown): there is no such file here")
        }
    }

    /// The server's document.
    func draft(of server: String) -> AdoptionDraft {
        var document = AdoptedDocument(
            "Server", names: [server], isNameFixed: true, source: "the command line", fields: [])
        if local { document.fields.append(("transport", .text("local"))) }
        if let host { document.fields.append(("host", .text(host))) }
        if let port { document.fields.append(("port", .plain(String(port)))) }
        if let user { document.fields.append(("user", .text(user))) }
        if sudo { document.fields.append(("become", .text("sudo"))) }
        if let identityFile { document.fields.append(("identityFile", .text(identityFile))) }
        if let hostKey { document.fields.append(("hostKey", .text(hostKey))) }
        return AdoptionDraft(ofServer: server, document)
    }
}
