import TestSupport
import Testing

/// What a clumsy or hostile user gets from the whole program.
@Suite struct InvalidInputTests {
    @Test("all errors of a tree come at once, with place, caret and fix; the exit code is 65")
    func allErrors() throws {
        let tree = try LocalTree()
        try tree.scratch.write(
            "repo/desired/bad.yaml",
            "kind: File\nname: motd\nserver: hree\npath: etc/motd\ncontnet: x\n")
        let result = try tree.stead.run("validate", "--repo", "repo")
        #expect(result.status == 65)
        #expect(
            result.errors.contains("desired/bad.yaml:4:7: error[MAN106]"), "\(result.everything)")
        #expect(result.errors.contains("desired/bad.yaml:5:1: error[MAN102]"))
        #expect(result.errors.contains("did you mean `content`?"))
        #expect(result.errors.contains("^^^^^^^"))
    }

    @Test("an unknown flag is a usage error")
    func usage() throws {
        let tree = try LocalTree()
        #expect(try tree.stead.run("plan", "--nonsense").status == 64)
        #expect(try tree.stead.run("explain", "Nonsense").status == 64)
    }

    @Test("a pattern of --only that chooses nothing is an error that suggests one")
    func only() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "x\n")
        let result = try tree.plan("--only", "file/mtd")
        #expect(result.status == 64, "\(result.everything)")
        #expect(result.errors.contains("file/motd"))
    }

    @Test("what is not known is neither nothing to do nor a change")
    func unknown() throws {
        let tree = try LocalTree()
        try tree.scratch.write(
            "repo/desired/servers/far.yaml",
            """
            kind: Server
            name: far
            host: 127.0.0.1
            port: 1
            hostKey: ssh-ed25519 \
            AAAAC3NzaC1lZDI1NTE5AAAAIJX8lEMbY0yYzqIiXJ8nTcy9jUPvYrhQJ0Y1TmHq8xZ0
            """)
        #expect(try tree.plan().status == 0)
        #expect(try tree.plan("--detailed-exitcode").status == 1)
        let apply = try tree.apply()
        #expect(apply.status == 1)
        #expect(apply.output.contains("partial: 1 unknown, 1 unchanged"), "\(apply.everything)")
    }

    @Test("hostile paths reach the disk as they are, or are refused")
    func hostilePaths() throws {
        let tree = try LocalTree()
        let names = ["it's", "$(touch owned)", "-rf", "a b", "`x`", "é", "back\\slash", "\"q\""]
        for (index, name) in names.enumerated() {
            let path = tree.target(name).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            try tree.scratch.write(
                "repo/desired/files/f\(index).yaml",
                "kind: File\nname: f\(index)\nserver: here\npath: \"\(path)\"\ncontent: x\n")
        }
        let result = try tree.apply()
        #expect(result.status == 0, "\(result.everything)")
        for name in names { #expect(try tree.seen(name) == "x") }
        #expect(try tree.plan("--detailed-exitcode").status == 0)
        try tree.scratch.write(
            "repo/desired/files/newline.yaml",
            "kind: File\nname: nl\nserver: here\npath: \"/tmp/a\\nb\"\ncontent: x\n")
        #expect(try tree.plan().status == 65)
    }
}
