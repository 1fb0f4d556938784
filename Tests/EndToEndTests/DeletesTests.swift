import Foundation
import TestSupport
import Testing

/// What is deleted is kept for a while, shown, and brought back.
@Suite struct DeletesTests {
    /// A file that Stead wrote, with a content and a time that somebody gave it, without its
    /// document.
    private func orphan(_ tree: LocalTree) throws {
        try tree.file("motd", content: "one\n", extra: "mode: \"0600\"")
        try tree.file("other", content: "x\n")
        #expect(try tree.apply().status == 0)
        try tree.scratch.write("root/motd", "by hand\n")
        try Tool.shell(
            "chmod 640 \(tree.target("motd")); touch -d '2020-01-02 03:04:05' \(tree.target("motd"))"
        )
        try tree.scratch.remove("repo/desired/files/motd.yaml")
    }

    private func look(_ tree: LocalTree) throws -> String {
        try Tool.shell("stat -c '%a %u %g %Y' \(tree.target("motd")); cat \(tree.target("motd"))")
    }

    /// What the quarantine holds, past Stead.
    private func kept(_ tree: LocalTree) throws -> [String] {
        let found = try Tool.run(
            "/bin/sh", ["-c", "find state/quarantine -name '*.saved'"], in: tree.scratch.root)
        return found.output.split(separator: "\n").map(String.init)
    }

    @Test("a plan says what is lost and when; what is deleted is kept, listed, and comes back")
    func restores() throws {
        let tree = try LocalTree()
        try orphan(tree)
        let before = try look(tree)
        let plan = try tree.plan()
        #expect(plan.output.contains("    kept in quarantine until 20"), "\(plan.everything)")
        #expect(
            plan.output.contains(", then lost: \(tree.target("motd")) (8 bytes)\n"),
            "\(plan.everything)")
        let json = try tree.plan("--format", "json").output
        #expect(
            json.contains(#""losses":[{"fate":"quarantine","sizeBytes":8,"until":"20"#), "\(json)")
        #expect(json.contains(#""steps":["keep it in quarantine","remove "#), "\(json)")
        #expect(try tree.stead.run("restore", "--list").output == "Nothing is in quarantine.\n")
        #expect(try tree.apply().status == 0)
        #expect(!tree.scratch.exists("root/motd"))
        let list = try tree.stead.run("restore", "--list").output
        #expect(list.contains("file/motd  here  \(tree.target("motd"))  until 20"), "\(list)")
        let lines = try tree.stead.run("restore", "--list", "--format", "json").output
        #expect(
            lines.contains(#""address":"file/motd""#) && lines.contains("keptUntil"), "\(lines)")
        #expect(try kept(tree).count == 1)

        let restore = try tree.stead.run("restore", "file/motd")
        #expect(restore.status == 0, "\(restore.everything)")
        #expect(restore.output == "file/motd is back on here: \(tree.target("motd"))\n")
        #expect(restore.errors.contains("until its document is back in git"))
        #expect(try look(tree) == before)
        #expect(try kept(tree).isEmpty)
        // It is nobody's: nothing is deleted, whatever git says.
        #expect(try tree.plan("--detailed-exitcode").status == 0)
        #expect(try tree.apply().status == 0)
        #expect(try look(tree) == before)
        let again = try tree.stead.run("restore", "file/motd")
        #expect(again.status == 1 && again.errors.contains("nothing of file/motd is in quarantine"))
        let audit = try tree.stead.run("audit", "list").output
        #expect(audit.contains("resource.restored"), "\(audit)")
        #expect(try tree.stead.run("audit", "verify").status == 0)
    }

    @Test("what is there by now is not replaced, and says what it is")
    func obstructed() throws {
        let tree = try LocalTree()
        try orphan(tree)
        #expect(try tree.apply().status == 0)
        try tree.scratch.write("root/motd", "theirs\n")
        let restore = try tree.stead.run("restore", "file/motd")
        #expect(restore.status == 1, "\(restore.everything)")
        #expect(
            restore.errors.contains("\(tree.target("motd")) is there on here, and is not what was"),
            "\(restore.everything)")
        #expect(try tree.seen("motd") == "theirs\n")
        try tree.scratch.remove("root/motd")
        #expect(try tree.stead.run("restore", "file/motd").status == 0)
        #expect(try tree.seen("motd") == "by hand\n")
    }

    @Test("in a git repository it says how the document comes back")
    func document() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "one\n")
        try tree.file("other", content: "x\n")
        try tree.scratch.shell(
            "cd repo; git init -q -b main; git add -A; git commit -qm One; git rev-parse HEAD")
        let first = try tree.scratch.shell("cd repo; git rev-parse --short=10 HEAD")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try tree.apply().status == 0)
        try tree.scratch.shell("cd repo; git rm -q desired/files/motd.yaml; git commit -qm Two")
        #expect(try tree.apply().status == 0)
        let restore = try tree.stead.run("restore", "file/motd", "--repo", "repo")
        #expect(restore.status == 0, "\(restore.everything)")
        #expect(
            restore.errors.contains("git checkout \(first) -- desired/files/motd.yaml\n"),
            "\(restore.everything)")
        try tree.scratch.shell("cd repo; git checkout \(first) -- desired/files/motd.yaml")
        try tree.scratch.shell("cd repo; git commit -qm Three")
        #expect(try tree.plan("--detailed-exitcode").status == 0)
        #expect(try tree.apply().status == 0)
    }

    @Test("what can't be kept is not deleted; the others are")
    func full() throws {
        let tree = try LocalTree()
        try orphan(tree)
        try tree.scratch.write("state/quarantine", "a file, where a folder should be\n")
        try tree.file("new", content: "new\n")
        let apply = try tree.apply()
        #expect(apply.status == 1, "\(apply.everything)")
        #expect(apply.output.contains("not deleted, as it can't be kept"), "\(apply.everything)")
        #expect(try tree.seen("motd") == "by hand\n")
        #expect(try tree.seen("new") == "new\n")
        try tree.scratch.remove("state/quarantine")
        #expect(try tree.apply().status == 0)
        #expect(!tree.scratch.exists("root/motd"))
        #expect(try tree.stead.run("restore", "file/motd").status == 0)
    }

    @Test("what has been kept long enough goes with the next run, and no sooner")
    func expires() throws {
        let tree = try LocalTree()
        try tree.scratch.write("repo/desired/stead.yaml", "version: 1\npolicy: {quarantine: 2s}\n")
        try orphan(tree)
        #expect(try tree.apply().status == 0)
        #expect(try kept(tree).count == 1)
        Thread.sleep(forTimeInterval: 3)
        // By the host's own clock it is young: it stays.
        let folder = try #require(try kept(tree).first).split(separator: "/").dropLast()
            .joined(separator: "/")
        let at = try tree.scratch.read("\(folder)/kept")
        try tree.scratch.write("\(folder)/kept", "99999999999\n")
        #expect(try tree.apply().status == 0)
        #expect(try kept(tree).count == 1)
        try tree.scratch.write("\(folder)/kept", at)
        #expect(try tree.apply().status == 0)
        #expect(try kept(tree).isEmpty)
        #expect(try tree.stead.run("restore", "--list").output == "Nothing is in quarantine.\n")
        let audit = try tree.stead.run("audit", "list").output
        #expect(audit.contains("quarantine.expired"), "\(audit)")
    }

    @Test("a delete that is killed at any moment loses nothing")
    func killed() throws {
        var boundary = 1
        while true {
            let tree = try LocalTree()
            try orphan(tree)
            let before = try look(tree)
            var stead = tree.stead
            stead.environment["STEAD_DIE_AT"] = String(boundary)
            let apply = try stead.run(["apply", "--repo", "repo", "--yes"])
            guard apply.status == 137 else { break }
            let restore = try tree.stead.run("restore", "file/motd")
            if restore.status != 0 {
                // Killed before anything was kept: nothing is gone.
                #expect(try look(tree) == before, "killed at \(boundary): \(restore.everything)")
                #expect(try tree.apply().status == 0)
                #expect(try tree.stead.run("restore", "file/motd").status == 0)
            }
            #expect(try look(tree) == before, "killed at \(boundary)")
            #expect(try tree.apply().status == 0)
            #expect(try look(tree) == before, "killed at \(boundary)")
            boundary += 1
        }
        #expect(boundary > 5, "only \(boundary) boundaries were found")
    }

    @Test("a restore that is killed at any moment is finished by the next")
    func killedInRestore() throws {
        var boundary = 1
        while true {
            let tree = try LocalTree()
            try orphan(tree)
            let before = try look(tree)
            #expect(try tree.apply().status == 0)
            var stead = tree.stead
            stead.environment["STEAD_DIE_AT"] = String(boundary)
            let restore = try stead.run("restore", "file/motd")
            guard restore.status == 137 else { break }
            _ = try tree.stead.run("restore", "file/motd")
            #expect(try look(tree) == before, "killed at \(boundary)")
            #expect(try tree.apply().status == 0)
            #expect(try kept(tree).isEmpty, "killed at \(boundary)")
            #expect(try look(tree) == before)
            boundary += 1
        }
        #expect(boundary > 2, "only \(boundary) boundaries were found")
    }

    @Test("what is protected outlives its document, until a commit of its own lifts that")
    func protection() throws {
        let tree = try LocalTree()
        for name in ["keep", "lose"] {
            try tree.file(name, content: "x\n", extra: name == "keep" ? "protect: true" : "")
        }
        try tree.file("other", content: "x\n")
        #expect(try tree.apply().status == 0)
        for name in ["keep", "lose"] {
            try tree.scratch.remove("repo/desired/files/\(name).yaml")
        }
        let plan = try tree.plan()
        #expect(plan.status == 1, "\(plan.everything)")
        #expect(
            plan.output.contains("✗ file/keep  here  refused: its document is gone, and it is"),
            "\(plan.everything)")
        #expect(plan.output.contains("stead unprotect file/keep"), "\(plan.everything)")
        #expect(try tree.apply().status == 1)
        #expect(tree.scratch.exists("root/keep") && !tree.scratch.exists("root/lose"))
        // Without `protect: true`, and applied so, it may go.
        try tree.file("keep", content: "x\n")
        #expect(try tree.apply().status == 0)
        try tree.scratch.remove("repo/desired/files/keep.yaml")
        #expect(try tree.apply().status == 0)
        #expect(!tree.scratch.exists("root/keep"))
        let audit = try tree.stead.run("audit", "list").output
        #expect(audit.contains("protection.set") && audit.contains("protection.lifted"))
    }

    @Test("a person lifts the protection of what git no longer declares")
    func unprotect() throws {
        let tree = try LocalTree()
        try tree.file("keep", content: "x\n", extra: "protect: true")
        try tree.file("other", content: "x\n")
        #expect(try tree.apply().status == 0)
        try tree.scratch.remove("repo/desired/files/keep.yaml")
        #expect(try tree.apply().status == 1)
        let unprotect = try tree.stead.run("unprotect", "file/keep")
        #expect(unprotect.status == 0, "\(unprotect.everything)")
        #expect(try tree.apply().status == 0)
        #expect(!tree.scratch.exists("root/keep"))
        let again = try tree.stead.run("unprotect", "file/keep")
        #expect(again.status == 1 && again.errors.contains("file/keep is not protected"))
        #expect(try tree.stead.run("unprotect", "keep").status == 64)
    }

    @Test("a protected file that moves stays where it was as well")
    func moves() throws {
        let tree = try LocalTree()
        try tree.file("motd", content: "x\n", extra: "protect: true")
        #expect(try tree.apply().status == 0)
        try tree.file("motd", content: "x\n", at: "elsewhere", extra: "protect: true")
        let apply = try tree.apply()
        #expect(apply.status == 1, "\(apply.everything)")
        #expect(try tree.seen("elsewhere") == "x\n" && tree.seen("motd") == "x\n")
        let address = try #require(
            try tree.plan().output.split(separator: " ").first { $0.hasPrefix("file/motd~") })
        #expect(try tree.stead.run("unprotect", String(address)).status == 0)
        #expect(try tree.apply().status == 0)
        #expect(!tree.scratch.exists("root/motd"))
        #expect(try tree.stead.run("restore", "file/motd").status == 0)
        #expect(try tree.seen("motd") == "x\n")
    }

    @Test("what is asked for wrongly is told")
    func usage() throws {
        let tree = try LocalTree()
        for words in [["restore"], ["restore", "motd"], ["restore", "file/motd", "--list"]] {
            #expect(try tree.stead.run(words).status == 64, "\(words)")
        }
    }
}
