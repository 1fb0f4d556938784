import Glibc
import Resources
import Testing

/// The scripts that change files, on files that are in their way.
@Suite struct FileCommandsTests {
    private static func target(
        _ path: String = "/srv/file", _ content: [UInt8] = Array("new\n".utf8),
        owner: String? = "root", mode: UInt16 = 0o640
    ) -> FileTarget {
        FileTarget(
            path: path, content: Content(content), owner: owner, group: owner, mode: mode)
    }

    @Test(
        "any bytes arrive as they are", arguments: Shell.all,
        [[], [0], Array("a\0b\nno end".utf8), [UInt8](repeating: 0xFF, count: 1 << 20)])
    func anyBytes(_ shell: Shell, _ bytes: [UInt8]) {
        let host = SampleHost(shell)
        let ending = host.run(FileCommands.write(Self.target("/srv/file", bytes)))
        #expect(ending.status == 0 && ending.output.isEmpty, "\(ending.output)")
        #expect(Folder.read(host.path("/srv/file")) == bytes)
    }

    @Test("a path of any name is taken as it is", arguments: Shell.all, hostilePaths)
    func hostilePath(_ shell: Shell, _ path: String) {
        let host = SampleHost(shell)
        for command in [
            FileCommands.write(Self.target(path), undo: "/srv"),
            FileCommands.link(path + "-link", to: path, undo: "/srv"),
        ] {
            let ending = host.run(command)
            #expect(ending.status == 0 && ending.output.isEmpty, "\(ending.output)")
        }
        #expect(Folder.read(host.path(path)) == Array("new\n".utf8))
        let link = path + "-link"
        #expect(
            host.answer([.link(path: link, target: path)]).paths[link] == .link(target: path))
        _ = host.run(FileCommands.remove(path, undo: "/srv"))
        #expect(Folder.read(host.path(path)) == nil)
        #expect(Folder.read(host.path("/pwned")) == nil)
    }

    private static let hostilePaths = [
        "/srv/$(touch pwned)/`touch pwned`", "/srv/a b/c\"d'e", "/srv/-rf", "/srv/--/-n",
        "/srv/*/[a-z]?", "/srv/%s%n\\n", "/srv/é\u{301}/\u{1F600}", "/srv/;id|id&id#",
        "/srv/" + String(repeating: "n", count: 240),
    ]

    @Test("a directory is never replaced, nor removed", arguments: Shell.all)
    func directory(_ shell: Shell) {
        let host = SampleHost(shell)
        Folder.makeFolders(host.path("/srv/file"))
        let before = host.snapshot
        for command in [
            FileCommands.write(Self.target()), FileCommands.link("/srv/file", to: "/etc"),
            FileCommands.remove("/srv/file"), FileCommands.remove("/srv/file", undo: "/srv/u"),
        ] {
            let ending = host.run(command)
            #expect(ending.status == 1)
            #expect(ending.output.contains("/srv/file is "))
        }
        #expect(host.snapshot == before)
    }

    @Test(
        "a link is replaced and never followed", arguments: Shell.all, ["file", "folder", "none"])
    func link(_ shell: Shell, _ sort: String) {
        let host = SampleHost(shell)
        Folder.makeFolders(host.path("/srv/folder"))
        Folder.write(Array("old\n".utf8), to: host.path("/srv/other"))
        let targets = ["file": "/srv/other", "folder": "/srv/folder", "none": "/srv/nothing"]
        for command in [
            FileCommands.write(Self.target()), FileCommands.link("/srv/file", to: "/srv/x"),
            FileCommands.remove("/srv/file"),
        ] {
            unlink(host.path("/srv/file"))
            symlink(host.path(targets[sort] ?? ""), host.path("/srv/file"))
            let ending = host.run(command)
            #expect(ending.status == 0, "\(ending.output)")
            #expect(Folder.read(host.path("/srv/other")) == Array("old\n".utf8))
            #expect(Folder.names(in: host.path("/srv/folder")).isEmpty)
        }
    }

    @Test("what lies under the temporary name is not followed, and goes", arguments: Shell.all)
    func temporary(_ shell: Shell) {
        let host = SampleHost(shell)
        Folder.makeFolders(host.path("/srv"))
        Folder.write(Array("old\n".utf8), to: host.path("/srv/other"))
        symlink(host.path("/srv/other"), host.path("/srv/.file.stead-tmp"))
        #expect(host.run(FileCommands.write(Self.target())).status == 0)
        #expect(Folder.names(in: host.path("/srv")) == ["file", "other"])
        #expect(Folder.read(host.path("/srv/other")) == Array("old\n".utf8))
    }

    @Test("owner and mode are exact, set-id bits too", arguments: Shell.all)
    func ownerAndMode(_ shell: Shell) throws {
        let host = SampleHost(shell)
        Folder.makeFolders(host.path("/srv"))
        // A folder that hands its own group on.
        try #require(geteuid() != 0 || chown(host.path("/srv"), 0, 1) == 0)
        chmod(host.path("/srv"), 0o2755)
        let others: [String?] = geteuid() == 0 ? ["root", "0", "daemon", nil] : ["root"]
        for owner in others {
            // Only root can read what nobody may.
            for mode: UInt16 in [0o644, 0o600, 0o4755, 0o2750] + (geteuid() == 0 ? [0] : []) {
                let target = Self.target("/srv/file", owner: owner, mode: mode)
                #expect(host.run(FileCommands.write(target)).status == 0)
                let seen = host.answer([target.look]).paths["/srv/file"].flatMap(PathState.init)
                let differences = target.differences(from: seen)
                #expect(!differences.contains { !$0.isNormalisation }, "\(differences)")
            }
        }
    }

    @Test("folders on the way are open to all, whatever the file's mode", arguments: Shell.all)
    func parents(_ shell: Shell) {
        let host = SampleHost(shell)
        #expect(host.run(FileCommands.write(Self.target("/srv/a/b/c", mode: 0o600))).status == 0)
        let folders = host.snapshot.filter { $0.hasPrefix("/srv/a") && $0.contains("/ ") }
        #expect(folders.count == 2)
        for folder in folders { #expect(folder.contains("/ 755 ")) }
    }

    @Test("a user that is not there leaves nothing behind", arguments: Shell.all)
    func unknownUser(_ shell: Shell) {
        let host = SampleHost(shell)
        let ending = host.run(FileCommands.write(Self.target(owner: "no-such-user")))
        #expect(ending.status == 1)
        #expect(ending.output.contains("no-such-user"))
        #expect(Folder.names(in: host.path("/srv")).isEmpty)
    }

    @Test("a full disk and a read-only one say so and leave no part", arguments: Shell.all)
    func sickDisks(_ shell: Shell) throws {
        let host = SampleHost(shell)
        let large = [UInt8](repeating: 0x41, count: 200_000)
        let command = FileCommands.write(Self.target("/srv/disk/file", large, owner: nil))
        let script = """
            mkdir -p "$FAKE/srv/disk" && mount -t tmpfs -o size=64k none "$FAKE/srv/disk" || exit 9
            ( set -- \(Self.words(command, host)); \(command.script) ) 2>&1
            echo "full $?"; ls -A "$FAKE/srv/disk"
            mount -o remount,bind,ro "$FAKE/srv/disk"
            ( set -- \(Self.words(command, host)); \(command.script) ) 2>&1
            echo "read-only $?"; ls -A "$FAKE/srv/disk"
            """
        // In a namespace of its own, so that the mounts go with it.
        let ending = shell.run(
            script, input: large, in: host.folder, wrappedIn: ["/usr/bin/unshare", "-rm"])
        let lines = ending.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 4, "\(ending)")
        #expect(lines[0].contains("No space left on device") && lines[1] == "full 1")
        #expect(lines[2].contains("Read-only file system"))
        #expect(lines[3].hasPrefix("read-only ") && lines[3] != "read-only 0")
    }

    private static func words(_ command: Command, _ host: SampleHost) -> String {
        command.arguments.map { "'\($0.hasPrefix("/") ? host.path($0) : $0)'" }
            .joined(separator: " ")
    }
}
