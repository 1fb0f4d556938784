import Glibc
import Resources
import Testing

/// The copies that the steps of a transaction keep of what they replace.
@Suite struct UndoTests {
    private static let undo = "/srv/undo"

    @Test("everything comes back as it was", arguments: Shell.all)
    func restores(_ shell: Shell) throws {
        let host = Self.host(shell)
        let before = host.snapshot
        try Self.change(host)
        #expect(host.snapshot != before)
        #expect(host.snapshot.contains { $0.hasPrefix("\(Self.undo)/ 700 ") })
        Self.restore(host)
        #expect(host.snapshot == before)
    }

    @Test(
        "the first copy stays, as a run that was killed may have changed the file since",
        arguments: Shell.all)
    func keepsFirst(_ shell: Shell) throws {
        let host = Self.host(shell)
        let before = host.snapshot
        try Self.change(host)
        try Self.change(host)
        Self.restore(host)
        #expect(host.snapshot == before)
    }

    @Test("a copy that was cut short is made anew", arguments: Shell.all)
    func half(_ shell: Shell) throws {
        let host = Self.host(shell)
        let before = host.snapshot
        Folder.makeFolders(host.path(Self.undo))
        chmod(host.path(Self.undo), 0o700)
        let key = host.path("\(Self.undo)/") + Self.key("/srv/file", host)
        Folder.write(Array((host.path("/srv/file") + "\n").utf8), to: key + ".path")
        Folder.write(Array("ha".utf8), to: key + ".tmp")
        try Self.change(host)
        Self.restore(host)
        #expect(host.snapshot == before)
    }

    private static func host(_ shell: Shell) -> SampleHost {
        let host = SampleHost(shell)
        Folder.makeFolders(host.path("/srv/folder"))
        Folder.write(Array("old\n".utf8), to: host.path("/srv/file"), mode: 0o604)
        Folder.write(Array("gone\n".utf8), to: host.path("/srv/removed"))
        symlink(host.path("/srv/folder"), host.path("/srv/link"))
        return host
    }

    /// Replaces a file and a link, removes a file, makes a file and a link.
    private static func change(_ host: SampleHost) throws {
        let new = Content("new\n")
        let targets = ["/srv/file", "/srv/made"].map {
            FileTarget(path: $0, content: new, owner: nil, group: nil)
        }
        let commands =
            targets.map { FileCommands.write($0, undo: undo) } + [
                FileCommands.link("/srv/link", to: "/srv/file", undo: undo),
                FileCommands.link("/srv/made-link", to: "/srv/file", undo: undo),
                FileCommands.remove("/srv/removed", undo: undo),
            ]
        for command in commands {
            let ending = host.run(command)
            try #require(ending.status == 0, "\(ending.output)")
        }
    }

    /// The protocol's other half, as the engine has it.
    private static func restore(_ host: SampleHost) {
        let folder = host.path(undo)
        for name in Folder.names(in: folder) where name.hasSuffix(".path") {
            let path = String(decoding: Folder.read("\(folder)/\(name)") ?? [], as: UTF8.self)
                .dropLast()
            let key = "\(folder)/\(name.dropLast(5))"
            unlink(String(path))
            rename("\(key).saved", String(path))
            unlink("\(key).absent")
            unlink("\(key).path")
        }
        #expect(Folder.names(in: folder).isEmpty)
        rmdir(folder)
    }

    /// The host's paths are moved into its folder, the key is not.
    private static func key(_ path: String, _ host: SampleHost) -> String {
        FileCommands.write(
            FileTarget(path: path, content: Content(""), owner: nil, group: nil), undo: undo
        ).arguments.last ?? ""
    }
}
