import ArgumentParser
import Controlling
import Diagnostics
import FoundationEssentials
import Identity
import Resources
import Schemas
import Storage

/// `stead app`: apps that are served.
struct AppCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app",
        abstract: "Look after the apps that were applied.",
        subcommands: [AppRotateKeyCommand.self])
}

/// `stead app rotate-key APP`: a new key signs an app's tokens.
struct AppRotateKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Have a new key sign an app's tokens.",
        discussion: """
            Gateways take it within a second, without a restart. Tokens of the former key are \
            accepted until the overlap is over; by default that is as long as a token is valid, so \
            that nobody is signed out. When a key has become known to others, rotate with \
            --overlap 0s: tokens of all former keys end, and who is signed in gets a new one by \
            the refresh token. A rotation can't be taken back.
            """)

    @Argument(help: "The app's name, or its address: prokov, app/prokov.")
    var app: String

    @Option(
        help: "How long tokens of former keys are accepted: 0s, 15m, 24h, 7d.",
        transform: { text in
            guard let seconds = DurationText.seconds(text) else {
                throw ValidationError("--overlap takes a duration such as 90s, 15m, 24h or 7d")
            }
            return seconds
        })
    var overlap: Int?

    @Flag(help: "Only say what would be done.")
    var dryRun = false

    @OptionGroup var state: StateOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let store = try StateStore(
                folder: state.path, access: dryRun ? .readOnly : .readWrite)
            let name = app.hasPrefix("app/") ? String(app.dropFirst("app/".count)) : app
            let auth = try await Self.auth(of: name, in: store)
            let now = Int(Date.now.timeIntervalSince1970)
            let keys = try KeyFolder(stateFolder: state.path).rotate(
                name, now: now, overlapSeconds: overlap ?? auth.tokenTTLSeconds + 60,
                isDry: dryRun)
            let rotation = KeyRotation(app: name, keys, now: now, isDry: dryRun)
            if !dryRun { try await store.append([rotation.event(actor: Actor.current)]) }
            switch output.format {
            case .text: console.result(rotation.text)
            case .json: try console.json(rotation)
            }
        }
    }

    /// How one signs in to an app that is served.
    private static func auth(of name: String, in store: StateStore) async throws -> SignIn {
        guard let body = try await store.release(of: name)?.body else {
            let known = try await store.releases(after: 0).filter { $0.body != nil }.map(\.app)
            let hint = Suggestion.sentence(for: name, among: known).map { ": \($0)" } ?? ""
            throw Failure.stalled(
                .init(
                    "no app `\(name)` was applied\(hint)",
                    fix: "`stead apply` brings an app about; is this its state folder?"))
        }
        guard let auth = try Release(decoding: Array(body.utf8)).app.auth else {
            throw Failure.stalled(.init("nobody signs in to `\(name)`: it has no keys"))
        }
        return auth
    }
}
