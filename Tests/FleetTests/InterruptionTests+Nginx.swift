import Foundation
import TestSupport
import Testing

/// An nginx that is broken or dead, on the host that this suite has to itself.
extension InterruptionTests {
    private func started(_ word: String) throws -> (FleetTree, FleetController) {
        let tree = try FleetTree(word, hosts: ["h3"])
        try tree.clear("h3")
        try tree.follow()
        try tree.site("one", on: "h3", words: "one")
        try tree.commit()
        let controller = try FleetController(tree)
        #expect(controller.says("event=applied"), "\(controller.log)")
        return (tree, controller)
    }

    @Test("what nginx refuses for another's sake is tried again when that is mended")
    func mended() throws {
        let (tree, controller) = try started("mend")
        let stray = "/etc/nginx/sites-enabled/mend-by-hand"
        defer { _ = try? tree.root("h3", "rm -f \(stray)") }
        try tree.root("h3", "echo nonsense >\(stray)")
        try tree.site("one", on: "h3", words: "two")
        try tree.commit()
        #expect(
            controller.says("event=failed subject=nginx-site/mend-one-h3"), "\(controller.log)")
        try tree.root("h3", "rm \(stray)")
        #expect(
            controller.says("event=recovered subject=nginx-site/mend-one-h3"), "\(controller.log)")
        #expect(try tree.answers("two", "one", on: "h3"))
    }

    @Test("an nginx that has died, and could not start, is started with what git wants")
    func dead() throws {
        let (tree, controller) = try started("dead")
        try tree.root(
            "h3",
            """
            systemctl kill --signal=KILL --kill-who=all nginx
            echo nonsense >>/etc/nginx/sites-available/dead-one-h3.conf
            systemctl reset-failed nginx || true
            systemctl start nginx || true
            """)
        #expect(try tree.stead.run("sync").status == 0)
        #expect(
            eventually { (try? tree.answers("one", "one", on: "h3")) == true }, "\(controller.log)")
    }
}
