import Glibc
import Resources
import Testing

/// What every kind on a host promises of deletes: what is kept comes back as it was.
@Suite struct QuarantineTests {
    private static let id = "0123456789abcdef"

    @Test("deleted, and put back, it is what it was", arguments: Sample.all, Shell.all)
    func comesBack(_ sample: Sample, _ shell: Shell) throws {
        let (host, resource) = try Self.applied(sample, shell)
        let before = (host.snapshot, try host.assess(resource).observation)
        try Self.delete(resource, on: host)
        #expect(!(try host.assess(resource, Intent(isRemoval: true)).exists))
        try Self.putBack(resource, on: host)
        #expect(try host.assess(resource).observation == before.1)
        #expect(host.snapshot == before.0)
        // Once more changes nothing.
        try Self.putBack(resource, on: host)
        #expect(host.snapshot == before.0)
    }

    @Test(
        "a delete that was killed after any step and done again loses nothing",
        arguments: Sample.all)
    func killed(_ sample: Sample) throws {
        let (whole, resource) = try Self.applied(sample, .dash)
        let count = try whole.assess(resource, Intent(isRemoval: true)).steps.count
        for killed in 0...count {
            let (host, resource) = try Self.applied(sample, .dash)
            let before = host.snapshot
            try Self.keep(resource, on: host)
            let steps = try host.assess(resource, Intent(isRemoval: true)).steps
            try host.perform(Array(steps.prefix(killed)))
            if try host.assess(resource, Intent(isRemoval: true)).exists {
                try Self.delete(resource, on: host)
            }
            try Self.putBack(resource, on: host)
            #expect(host.snapshot == before, "killed after \(killed) steps")
        }
    }

    @Test("what is kept is for root alone, whatever it was", arguments: Shell.all)
    func isPrivate(_ shell: Shell) throws {
        let (host, resource) = try Self.applied(Self.file, shell)
        try Self.keep(resource, on: host)
        var status = stat()
        for name in ["quarantine", "quarantine/\(Self.id)"] {
            #expect(lstat("\(host.folder.path)/\(name)", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o700)
        }
        let copy = "\(host.folder.path)/quarantine/\(Self.id)/1.saved"
        #expect(lstat(copy, &status) == 0 && status.st_mode & 0o777 == 0o640)
        #expect(Folder.read(copy) == Array("secret\n".utf8))
    }

    @Test("what somebody else has put there is left, and nothing comes back", arguments: Shell.all)
    func obstructed(_ shell: Shell) throws {
        let (host, resource) = try Self.applied(Self.file, shell)
        try Self.delete(resource, on: host)
        Folder.write(Array("theirs\n".utf8), to: host.path("/etc/key"))
        let ending = host.run(KeepsakeCommands(Self.id, resource.keepsakes).putBack)
        #expect(ending.status == KeepsakeCommands.Status.obstructed)
        #expect(ending.output == host.path("/etc/key") + "\n")
        #expect(Folder.read(host.path("/etc/key")) == Array("theirs\n".utf8))
        unlink(host.path("/etc/key"))
        try Self.putBack(resource, on: host)
        #expect(Folder.read(host.path("/etc/key")) == Array("secret\n".utf8))
    }

    @Test("of two attempts, the newer content is kept, and what is gone by then stays")
    func attempts() throws {
        let (host, resource) = try Self.applied(Self.file, .dash)
        try Self.keep(resource, on: host)
        Folder.write(Array("by hand\n".utf8), to: host.path("/etc/key"), mode: 0o600)
        try Self.keep(resource, on: host)
        unlink(host.path("/etc/key"))
        try Self.keep(resource, on: host)
        try Self.putBack(resource, on: host)
        #expect(Folder.read(host.path("/etc/key")) == Array("by hand\n".utf8))
    }

    @Test("a quarantine that can't be written fails, and says so", arguments: Shell.all)
    func full(_ shell: Shell) throws {
        let (host, resource) = try Self.applied(Self.file, shell)
        Folder.write([], to: "\(host.folder.path)/quarantine")
        let ending = host.run(
            KeepsakeCommands(Self.id, resource.keepsakes).keep(note: "a note"))
        #expect(ending.status == 1)
        #expect(ending.output.contains("not deleted, as it can't be kept"), "\(ending.output)")
    }

    @Test("it goes when its time is over by the host's clock too", arguments: Shell.all)
    func forgets(_ shell: Shell) throws {
        let (host, resource) = try Self.applied(Self.file, shell)
        try Self.keep(resource, on: host)
        let commands = KeepsakeCommands(Self.id, resource.keepsakes)
        let young = host.run(commands.forget(olderThanSeconds: 3600))
        #expect(young.status == KeepsakeCommands.Status.young, "\(young.output)")
        let folder = "\(host.folder.path)/quarantine/\(Self.id)"
        Folder.write(Array("1000000000\n".utf8), to: folder + "/kept")
        #expect(host.run(commands.forget(olderThanSeconds: 3600)).status == 0)
        #expect(Folder.names(in: folder).isEmpty)
        #expect(host.run(commands.forget).status == 0, "what is gone is gone")
        #expect(host.run(commands.putBack).status == KeepsakeCommands.Status.nothing)
    }

    @Test("a link comes back as a link, and what it leads to is let be")
    func link() throws {
        let (host, resource) = try Self.applied(Self.file, .busybox)
        unlink(host.path("/etc/key"))
        symlink("/nowhere", host.path("/etc/key"))
        try Self.delete(resource, on: host)
        try Self.putBack(resource, on: host)
        #expect(host.snapshot.contains("/etc/key -> /nowhere"), "\(host.snapshot)")
    }

    @Test("other lines of a crontab stay as they are")
    func crontab() throws {
        let sample = try #require(Sample.all.first { $0.name == "a job in a crontab" })
        let (host, resource) = try Self.applied(sample, .busybox)
        try Self.delete(resource, on: host)
        let table = host.path(FileCommands.crontabDirectory + "/root")
        Folder.write(Array("1 2 3 4 5 /bin/theirs".utf8), to: table, mode: 0o600)
        try Self.putBack(resource, on: host)
        let lines = String(decoding: Folder.read(table) ?? [], as: UTF8.self)
        #expect(lines.hasPrefix("1 2 3 4 5 /bin/theirs\n# stead: "), "\(lines)")
    }
}

extension QuarantineTests {
    private static let file = Sample(
        name: "a secret",
        yaml: """
            kind: File
            name: key
            server: web-1
            path: /etc/key
            mode: "0640"
            content: "secret\\n"

            """, edited: "")

    private static func applied(_ sample: Sample, _ shell: Shell) throws -> (
        SampleHost, any Resource
    ) {
        let host = SampleHost(shell, sample.facts)
        let resource = try sample.resource()
        try host.perform(host.assess(resource).steps)
        return (host, resource)
    }

    private static func keep(_ resource: any Resource, on host: SampleHost) throws {
        let ending = host.run(KeepsakeCommands(id, resource.keepsakes).keep(note: "a note"))
        try #require(ending.status == 0, "\(ending.output)")
    }

    private static func delete(_ resource: any Resource, on host: SampleHost) throws {
        try keep(resource, on: host)
        try host.perform(host.assess(resource, Intent(isRemoval: true)).steps)
    }

    private static func putBack(_ resource: any Resource, on host: SampleHost) throws {
        let ending = host.run(KeepsakeCommands(id, resource.keepsakes).putBack)
        try #require(ending.status == 0, "\(ending.output)")
        try host.perform(resource.revival(on: host.facts))
    }
}
