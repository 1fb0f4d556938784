import Foundation
import TestSupport
import Testing

/// What people are told of the branch and of what waits.
@Suite struct StatusTests {
    @Test("status names the commit in force, and a refused one only while it stands")
    func inForce() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit("First of all")
        let controller = try tree.start()
        #expect(
            eventually { controller.log.contains("reached on 1 place\n") }, "\(controller.log)")
        #expect(try tree.status().contains("applied  First of all"))
        try tree.scratch.shell(
            "cd repo; git tag good; git commit --quiet --amend --message='Another past'")
        #expect(eventually { controller.log.contains("event=refused") }, "\(controller.log)")
        let refused = try tree.status()
        #expect(refused.contains("In force: ") && refused.contains("First of all"), "\(refused)")
        #expect(refused.contains("refused  Another past"), "\(refused)")
        try tree.scratch.shell("cd repo; git reset --quiet --hard good")
        #expect(
            try eventually { try !tree.status().contains("Another past") }, "\(controller.log)")
        #expect(try tree.status().contains("In force: "))
        let json = try tree.stead.run("status", "--format", "json").output
        #expect(json.contains(#""inForce":{"#) && !json.contains("Another past"), "\(json)")
    }

    @Test("what is asked of something suspended is said to come to nothing")
    func suspended() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        #expect(try !tree.stead.run("sync", "file/motd").errors.contains("warning"))
        for subject in ["file/motd", "server/here", "*"] {
            #expect(try tree.stead.run("suspend", subject, "--reason", "Ada looks").status == 0)
            let sync = try tree.stead.run("sync", "file/motd")
            #expect(sync.errors.contains("\(subject) is suspended by"), "\(sync.everything)")
            #expect(sync.errors.contains("Ada looks"), "\(sync.everything)")
            #expect(try tree.stead.run("resume", subject).status == 0)
        }
    }

    @Test("a rejected change says who said no")
    func rejected() throws {
        let tree = try FollowedTree(settings: "policy: {approve: always}\n")
        try tree.file("motd", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=held") }, "\(controller.log)")
        #expect(try tree.status().contains("waits for approval"))
        let id = String(try tree.stead.run("plans").output.prefix { $0 != " " })
        #expect(try tree.stead.run("approve", "--reject", id).status == 0)
        #expect(try eventually { try tree.status().contains("rejected by") })
        #expect(try !tree.status().contains("waits for approval"))
        #expect(tree.seen("motd") == nil)
    }

    @Test("a question that is no JSON, or lacks something, is the asker's fault, and says so")
    func questions() throws {
        let tree = try FollowedTree()
        try tree.file("motd", "one")
        try tree.commit()
        let controller = try tree.start()
        #expect(eventually { controller.log.contains("event=applied") }, "\(controller.log)")
        for (body, words) in [
            ("{}", "the body lacks `subject`"), ("{", "no JSON"), ("[]", "no JSON"),
            (#"{"subject":1}"#, "`subject` of the body is of another type"),
        ] {
            let result = try Tool.run(
                "/usr/bin/curl",
                [
                    "-sS", "-w", "%{http_code}", "--unix-socket", "state/run/controller.sock",
                    "http://controller/v1/resume", "-d", body,
                ], in: tree.scratch.root)
            #expect(result.output.hasSuffix("400"), "\(body): \(result.output)")
            #expect(result.output.contains(words), "\(body): \(result.output)")
            #expect(!result.output.contains("DecodingError"), "\(result.output)")
        }
    }
}
