import ArgumentParser
import Control
import Diagnostics
import Storage

/// `stead hook`: having a push taken at once.
struct HookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Have a push taken at once: webhooks, and hooks of a repository.",
        subcommands: [
            HookInstallCommand.self, HookSecretCommand.self, HookPreReceiveCommand.self,
            HookPostReceiveCommand.self,
        ])
}

/// `stead hook secret`: what webhooks are signed with.
struct HookSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Make the secret that webhooks are signed with, or show it.",
        discussion: """
            It lies in keys/webhook of the state folder, for its owner alone. A controller takes a \
            new one at once, and then the former one no more. One secret does for GitHub, Gitea, \
            Forgejo and GitLab.
            """)

    @Flag(help: "Make a new one; the former one counts no more.")
    var rotate = false

    @OptionGroup var state: StateOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let secret = rotate ? WebhookSecret() : try found()
            if rotate {
                try makeFolder()
                try secret.replace(state: state.path)
            }
            console.result(secret.text + "\n")
            console.message(Self.directions)
        }
    }

    /// The one there is; its folder isn't needed for reading it.
    private func found() throws -> WebhookSecret {
        if let known = try WebhookSecret.read(state: state.path) { return known }
        try makeFolder()
        return try WebhookSecret.readOrMake(state: state.path)
    }

    /// Makes the folder as it has to be.
    private func makeFolder() throws {
        _ = try StateStore(folder: state.path, access: .readWrite)
    }

    private static let directions = """
        Enter it where the repository is, with the address http(s)://CONTROLLER/hooks/git \
        (`stead controller --listen`), for pushes alone:
          GitHub          Settings, Webhooks: Secret; content type application/json
          Gitea, Forgejo  Settings, Webhooks: Secret; POST, application/json
          GitLab          Settings, Webhooks: Signing token (or, in older ones, Secret token)
        """
}
