import ArgumentParser
import Controlling
import Diagnostics
import FoundationEssentials
import Kinds
import Manifests
import Resources
import Storage

/// `stead restore ADDRESS`: brings back what was deleted.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring back what was deleted, as long as it is in quarantine.",
        discussion: """
            It comes back just as it was, with owner and mode, and is put in force (nginx tests \
            and reloads). Where something else is by now, nothing is changed. What is back is \
            nobody's: Stead leaves it alone until its document is back in git.

            A table or a column that was put aside comes back by being declared again; a whole \
            schema that was deleted is restored here.
            """)

    @Argument(help: "The address of what was deleted, such as file/motd.")
    var address: String?

    @Flag(help: "Show what is in quarantine, where, and until when.")
    var list = false

    @Option(help: "Which one, where there are several: the beginning of its id in the list.")
    var id: String?

    @Option(help: "The repository in which its document is looked for.")
    var repo = "."

    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions
    @OptionGroup var output: FormatOptions

    func validate() throws {
        guard let address else {
            guard list else { throw ValidationError("say what: an address, or --list") }
            return
        }
        if list { throw ValidationError("--list shows everything: leave out the address") }
        if Address(address) == nil {
            throw ValidationError("\(address) is no address: it is written as file/motd")
        }
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            guard let address = address.flatMap({ Address($0) }) else {
                return try await show(console)
            }
            let request = RestoreRequest(address, id: id)
            let desk = ControllerDesk(socket: socket.path(in: state), state: state.path)
            let asked = try await desk.restore(request)
            let restoration =
                if let asked { asked } else { try await restore(request, console) }
            switch output.format {
            case .json: try console.json(restoration)
            case .text:
                console.result(
                    "\(restoration.address) is back on \(restoration.server): "
                        + "\(restoration.restored.joined(separator: ", "))\n")
            }
            console.message(hint(restoration))
        }
    }

    /// Without a controller, under a lease of this process's own.
    private func restore(_ request: RestoreRequest, _ console: Console) async throws -> Restoration
    {
        let workspace = try Workspace(state: state, access: .readWrite, console: console)
        let entry = try await workspace.engine.quarantined(request)
        let lease = try await Lease.take(workspace.engine.store, for: "stead restore")
        do throws(Failure) {
            let restoration = try await workspace.engine.restore(
                entry, by: Actor.current, under: lease)
            await lease.release()
            await workspace.close()
            return restoration
        } catch {
            await lease.release()
            await workspace.close()
            throw error
        }
    }

    /// How to have Stead keep it again.
    private func hint(_ restoration: Restoration) -> String {
        if restoration.isOwned {
            return "It is declared: Stead keeps it as its document says."
        }
        let revision = Revision(id: restoration.revision)
        let words = "Stead leaves it alone until its document is back in git"
        guard !revision.id.contains(":") else { return "\(words)." }
        guard let file = file(of: restoration) else {
            return "\(words); commit \(revision.short) has it."
        }
        return "\(words):\n  git checkout \(revision.short) -- \(file)"
    }

    /// Where its document stood when it was last applied; nil when that can't be found here.
    private func file(of restoration: Restoration) -> String? {
        var tree = TreeSource(
            repo, ref: restoration.revision, state: state.path,
            environment: ProcessInfo.processInfo.environment)
        tree.fetches = false
        let loaded = (try? tree.read()).map { Loader(catalog: Catalog.kinds).load($0) }
        let address = restoration.address.successor ?? restoration.address
        return loaded?.desired?.resources.first { $0.address == address }?.location?.file
    }

    private func show(_ console: Console) async throws {
        let store = try StateStore(folder: state.path, access: .readOnly)
        let lines = try await store.quarantine().filter { $0.deletedAt != nil }
            .map(QuarantineLine.init)
        switch output.format {
        case .json: try console.json(lines)
        case .text where lines.isEmpty: console.result("Nothing is in quarantine.\n")
        case .text:
            var table = TextTable()
            for line in lines {
                table.add([
                    line.address.description, line.server,
                    line.items.map(\.what)
                        .joined(separator: ", "), "until \(line.keptUntil)", line.id,
                ])
            }
            console.result(table.text)
        }
    }
}

/// `stead unprotect ADDRESS`: lets something go that git no longer declares.
struct UnprotectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unprotect",
        abstract: "Lift the protection of something whose document is gone, so that it is deleted.",
        discussion: """
            While the document is there, take `protect: true` out of it instead, and apply that. \
            What is protected by its document is protected again by the next apply.
            """)

    @Argument(help: "The address, as `stead plan` shows it.")
    var address: String

    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions

    func validate() throws {
        if Address(address) == nil {
            throw ValidationError("\(address) is no address: it is written as file/motd")
        }
    }

    func run() async throws {
        let console = Console()
        try await console.reporting {
            guard let address = Address(address) else { return }
            let desk = ControllerDesk(socket: socket.path(in: state), state: state.path)
            try await desk.unprotect(address)
            console.message(
                "\(address) is no longer protected; if its document is still there and says "
                    + "`protect: true`, the next apply protects it again")
        }
    }
}
