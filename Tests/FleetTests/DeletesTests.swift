import TestSupport
import Testing

/// Deletes on real hosts: with systemd, with OpenRC, and with busybox alone.
@Suite(.serialized) struct DeletesTests {
    private static let quarantine = "/var/lib/stead/quarantine"

    /// What a script prints on a host, as root.
    @discardableResult
    private func root(_ tree: FleetTree, _ host: String, _ script: String) throws -> String {
        try tree.fleet.exec(
            host, "sudo=; [ \"$(id -u)\" = 0 ] || sudo='sudo -n'; $sudo sh -c '\(script)'")
    }

    @Test("a site that a commit deleted is served again as it was, and other sites all the time")
    func site() throws {
        let tree = try FleetTree("undelete", hosts: ["h2"])
        try tree.clear("h2")
        try tree.site("shop", on: "h2", words: "open")
        try tree.site("blog", on: "h2", words: "words")
        #expect(try tree.apply().status == 0)
        #expect(try tree.answers("open", "shop", on: "h2"))
        try tree.document("site-h2-shop", "# gone\n")
        let plan = try tree.plan()
        #expect(plan.output.contains("kept in quarantine until"), "\(plan.everything)")
        #expect(
            plan.output.contains("/etc/nginx/sites-enabled/undelete-shop-h2.conf"),
            "\(plan.everything)")
        #expect(try tree.apply().status == 0)
        #expect(try !tree.answers("open", "shop", on: "h2"))
        let restore = try tree.stead.run("restore", "nginx-site/undelete-shop-h2")
        #expect(restore.status == 0, "\(restore.everything)")
        #expect(try tree.answers("open", "shop", on: "h2"))
        #expect(try tree.answers("words", "blog", on: "h2"))
        #expect(try tree.plan("--detailed-exitcode").status == 0)
        #expect(try root(tree, "h2", "find \(Self.quarantine) -name \"*.saved\"") == "")
    }

    @Test("a site that nginx refuses by now is taken out again, and stays in quarantine")
    func refused() throws {
        let tree = try FleetTree("unfit", hosts: ["h2"])
        try tree.clear("h2")
        try tree.site("shop", on: "h2", words: "open")
        try tree.site("blog", on: "h2", words: "words")
        #expect(try tree.apply().status == 0)
        try root(
            tree, "h2", "echo nonsense >>/etc/nginx/sites-available/unfit-shop-h2.conf")
        try tree.document("site-h2-shop", "# gone\n")
        #expect(try tree.apply().status == 0)
        let restore = try tree.stead.run("restore", "nginx-site/unfit-shop-h2")
        #expect(restore.status == 1, "\(restore.everything)")
        #expect(restore.errors.contains("it was taken out again"), "\(restore.everything)")
        #expect(try root(tree, "h2", "ls /etc/nginx/sites-enabled").contains("unfit-shop") == false)
        try root(tree, "h2", "nginx -t 2>&1")
        #expect(try tree.answers("words", "blog", on: "h2"))
        #expect(try tree.stead.run("restore", "--list").output.contains("unfit-shop-h2"))
    }

    @Test("files and jobs come back as they were", arguments: ["h2", "b1", "o1"])
    func filesAndJobs(_ host: String) throws {
        let tree = try FleetTree("undelete-\(host)", hosts: [host])
        try tree.clear(host)
        try tree.file("note", on: host, content: "one", extra: "mode: \"0600\"")
        try tree.file("other", on: host, content: "two")
        try tree.job("backup", on: host)
        let first = try tree.apply()
        #expect(first.status == 0, "\(first.everything)")
        // Other states keep something there too, and others' tests meanwhile.
        let kept = "grep -rls undelete-\(host)- \(Self.quarantine) | wc -l"
        let others = try root(tree, host, kept)
        let look = """
            stat -c "%a %u %g %Y" /srv/undelete-\(host)/note; cat /srv/undelete-\(host)/note;
            cat /etc/cron.d/undelete-* /var/spool/cron/crontabs/root 2>/dev/null || true
            """
        let before = try root(tree, host, look)
        #expect(before.contains("backup"), "\(before)")
        try tree.document("file-\(host)-note", "# gone\n")
        try tree.document("job-\(host)-backup", "# gone\n")
        let delete = try tree.apply()
        #expect(delete.status == 0, "\(delete.everything)")
        #expect(try root(tree, host, "ls /srv/undelete-\(host)") == "other\n")
        #expect(try root(tree, host, kept) != others)
        #expect(try root(tree, host, "stat -c %a \(Self.quarantine)/* | sort -u") == "700\n")
        for address in [
            "file/undelete-\(host)-note-\(host)", "cron-job/undelete-\(host)-backup-\(host)",
        ] {
            let restore = try tree.stead.run("restore", address)
            #expect(restore.status == 0, "\(restore.everything)")
        }
        #expect(try root(tree, host, look) == before)
        #expect(try tree.plan("--detailed-exitcode").status == 0)
        #expect(try root(tree, host, kept) == others)
        try root(tree, host, "crontab -r 2>/dev/null || true")
    }

    @Test("what a full disk can't keep is not deleted")
    func full() throws {
        let tree = try FleetTree("fulldisk", hosts: ["h2"])
        try tree.clear("h2")
        try tree.file("note", on: "h2", content: "one")
        try tree.file("other", on: "h2", content: "two")
        #expect(try tree.apply().status == 0)
        let state = try root(tree, "h2", "ls /var/lib/stead/fence; rm -rf \(Self.quarantine)")
        #expect(!state.isEmpty)
        try tree.document("file-h2-note", "# gone\n")
        try root(
            tree, "h2",
            "mkdir -p \(Self.quarantine); mount -t tmpfs -o size=4k,nr_inodes=20 none "
                + "\(Self.quarantine); head -c 8192 /dev/zero >\(Self.quarantine)/fill || true")
        let apply = try tree.apply()
        let left = try root(tree, "h2", "cat /srv/fulldisk/note; umount \(Self.quarantine)")
        #expect(apply.status == 1, "\(apply.everything)")
        #expect(apply.output.contains("not deleted, as it can't be kept"), "\(apply.everything)")
        #expect(left == "one\n")
        #expect(try tree.apply().status == 0)
        #expect(try tree.stead.run("restore", "file/fulldisk-note-h2").status == 0)
        #expect(try root(tree, "h2", "cat /srv/fulldisk/note") == "one\n")
    }
}
