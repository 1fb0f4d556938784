import Resources
import Testing

/// What the kinds make of documents, and what they say of wrong ones.
@Suite struct GoldenTests {
    @Test("documents become these steps", arguments: GoldenFile.all(in: "steps"))
    func steps(_ golden: GoldenFile) throws {
        let tree = Self.tree(golden)
        let facts: HostFacts = golden.input.hasPrefix("# host: alpine") ? .alpine : .debian
        let texts = try tree.resources.filter { $0.kind != "Server" }
            .map { try GoldenText.of($0, on: facts) }
        golden.expect(tree.report + texts.joined(separator: "\n"))
    }

    @Test("wrong documents are told so", arguments: GoldenFile.all(in: "messages"))
    func messages(_ golden: GoldenFile) {
        golden.expect(Self.tree(golden).report)
    }

    @Test("the scripts are these", arguments: GoldenFile.all(in: "scripts"))
    func scripts(_ golden: GoldenFile) {
        let target = FileTarget(path: "/a", content: Content(""), owner: nil, group: nil)
        let commands = [
            "write": FileCommands.write(target),
            "write, undoable": FileCommands.write(target, undo: "/u"),
            "link": FileCommands.link("/a", to: "/b"),
            "link, undoable": FileCommands.link("/a", to: "/b", undo: "/u"),
            "remove": FileCommands.remove("/a"),
            "remove, undoable": FileCommands.remove("/a", undo: "/u"),
            "replace a block": FileCommands.replaceBlock(
                inCrontabOf: "a", with: Content(""), from: "# b", to: "# e"),
            "announce a crontab": FileCommands.announceCrontab(of: "a"),
        ]
        let name = golden.input.split(separator: "\n").first.map(String.init) ?? ""
        golden.expect(commands[name]?.script ?? "no such command\n")
    }

    private static func tree(_ golden: GoldenFile) -> SampleTree {
        var files = golden.files
        let documents = files.removeValue(forKey: "") ?? ""
        return SampleTree(documents, templates: files)
    }
}
