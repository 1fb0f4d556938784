import Foundation
import TestSupport
import Testing

/// Hosts that fail: nothing is done on the strength of what could not be seen, and nobody waits.
@Suite(.serialized) struct SickHostTests {
    @Test("a host that cannot be reached is unknown; its resources are kept, the others applied")
    func unreachable() throws {
        let tree = try FleetTree("sick", hosts: ["h1"])
        try tree.clear("h1")
        try tree.document(
            "dead",
            """
            kind: Server
            name: dead
            host: \(try tree.fleet.host("h1").address)
            port: 9
            identityFile: \(tree.fleet.identityFile)
            hostKey: \(try tree.fleet.host("h1").hostKey)
            """)
        try tree.file("note", on: "h1", content: "hello")
        try tree.file("lost", on: "dead", content: "hello")
        let apply = try tree.apply()
        #expect(apply.status == 1)
        #expect(apply.output.contains("? file/sick-lost-dead"), "\(apply.everything)")
        #expect(apply.output.contains("1 created"))
        #expect(try tree.fleet.exec("h1", "cat /srv/sick/note") == "hello\n")
    }

    @Test("a host that stops answering becomes unknown in time")
    func frozen() throws {
        let tree = try FleetTree("frozen", hosts: ["h1"])
        let host = try tree.fleet.host("h4")
        try tree.document(
            "server-h4",
            host.document(identityFile: tree.fleet.identityFile)
                + "connectTimeout: 2s\ncommandTimeout: 2s\n")
        try tree.file("note", on: "h1", content: "hello")
        try tree.file("note", on: "h4", content: "hello")
        try Tool.shell("\(Self.script) freeze h4")
        defer { _ = try? Tool.shell("\(Self.script) thaw h4") }
        let plan = try tree.plan()
        #expect(plan.output.contains("? file/frozen-note-h4"), "\(plan.everything)")
        #expect(plan.output.contains("+ file/frozen-note-h1"))
    }

    @Test("a host with another key is not spoken to, and both fingerprints are shown")
    func wrongKey() throws {
        let tree = try FleetTree("key", hosts: [])
        let (real, other) = (try tree.fleet.host("h1"), try tree.fleet.host("h2"))
        var wrong = real
        wrong.hostKey = other.hostKey
        try tree.document("server", wrong.document(identityFile: tree.fleet.identityFile))
        try tree.file("note", on: "h1", content: "hello")
        let plan = try tree.plan()
        #expect(plan.output.contains("? file/key-note-h1"), "\(plan.everything)")
        #expect(plan.output.components(separatedBy: "SHA256:").count >= 3, "\(plan.everything)")
    }

    @Test("a full disk and a read-only file system fail that resource, and leave the old file")
    func disks() throws {
        let tree = try FleetTree("disk", hosts: ["h1"])
        try tree.clear("h1")
        try tree.fleet.exec(
            "h1",
            """
            umount /mnt/full /mnt/fixed 2>/dev/null || true
            mkdir -p /mnt/full /mnt/fixed
            mount -t tmpfs -o size=64k tmpfs /mnt/full
            mount -t tmpfs -o size=64k tmpfs /mnt/fixed
            echo old >/mnt/fixed/note; echo old >/mnt/full/note
            mount -o remount,ro /mnt/fixed
            """)
        defer { _ = try? tree.fleet.exec("h1", "umount /mnt/full /mnt/fixed") }
        for (name, content) in [("full", String(repeating: "x", count: 100_000)), ("fixed", "new")]
        {
            try tree.document(
                name,
                "kind: File\nname: disk-\(name)\nserver: h1\npath: /mnt/\(name)/note\n"
                    + "content: \"\(content)\"\n")
        }
        try tree.file("note", on: "h1", content: "hello")
        let apply = try tree.apply()
        #expect(apply.status == 1)
        #expect(apply.output.contains("No space left"), "\(apply.everything)")
        #expect(apply.output.contains("Read-only file system"), "\(apply.everything)")
        #expect(apply.output.contains("1 created"))
        let left = try tree.fleet.exec("h1", "cat /mnt/full/note /mnt/fixed/note; ls -A /mnt/full")
        #expect(left == "old\nold\nnote\n")
    }

    static let script: String = {
        var parts = #filePath.split(separator: "/").map(String.init)
        parts.removeLast(3)
        return "/" + parts.joined(separator: "/") + "/scripts/fleet"
    }()
}
