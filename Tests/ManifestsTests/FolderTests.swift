import Diagnostics
import Manifests
import Resources
import TestSupport
import Testing

@Suite("A tree in a plain folder")
struct FolderTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.writeTree("tree")
    }

    private var tree: String { scratch.path("tree") }

    @Test("every YAML file is read in order, anything else and anything hidden is not")
    func files() throws {
        try scratch.write("tree/desired/a.yml", "")
        try scratch.write("tree/desired/README.md", "")
        try scratch.write("tree/desired/.hidden.yaml", "")
        try scratch.write("tree/desired/.git-something/x.yaml", "")
        try scratch.write("tree/other/x.yaml", "")
        let read = try scratch.readTree(tree)
        #expect(
            read.files == [
                "desired/a.yml", "desired/files/motd.yaml", "desired/servers/in3.yaml",
            ])
        #expect(read.findings.isEmpty)
        #expect(read.templates.keys.sorted() == ["nginx/frontend"])
        #expect(read.settingsFile == "desired/stead.yaml")
    }

    @Test("the folder `desired` itself can be named, with its templates beside it")
    func desiredItself() throws {
        let read = try scratch.readTree(tree + "/desired")
        #expect(read.files == ["desired/files/motd.yaml", "desired/servers/in3.yaml"])
        #expect(read.templates.keys.sorted() == ["nginx/frontend"])
    }

    @Test("a folder with a stead.yaml is desired state itself, its templates are not documents")
    func rootWithSettings() throws {
        try scratch.write("flat/stead.yaml", "version: 1\n")
        try scratch.write("flat/servers/a.yaml", "kind: Server\n")
        try scratch.write("flat/templates/nginx/site.yaml", "{{name}}")
        let read = try scratch.readTree(scratch.path("flat"))
        #expect(read.files == ["servers/a.yaml", "stead.yaml"])
        #expect(read.settingsFile == "stead.yaml")
        #expect(read.templates.keys.sorted() == ["nginx/site"])
    }

    @Test("a revision names the contents: the same for the same files, another after a change")
    func revision() throws {
        let first = try scratch.readTree(tree).revision
        #expect(first.id.hasPrefix("folder:"))
        #expect(try scratch.readTree(tree).revision == first)
        try scratch.write("tree/templates/nginx/frontend.conf", "other")
        #expect(try scratch.readTree(tree).revision != first)
    }

    @Test("a folder without desired state is refused with what to do")
    func noDesired() throws {
        try scratch.write("empty/file", "")
        let refusal = scratch.refusal(of: scratch.path("empty"))
        #expect(refusal.map(\.code) == [.treeUnreadable])
        #expect(refusal.first?.fix?.contains("`desired`") == true)
    }

    @Test("a folder that is not there is refused")
    func missing() {
        #expect(scratch.refusal(of: scratch.path("missing")).map(\.code) == [.treeUnreadable])
    }

    @Test("a folder has no refs")
    func refs() {
        #expect(scratch.refusal(of: tree, ref: "main").map(\.code) == [.gitRepository])
    }

    @Test("a file over the limit is not read, whatever its size, and the others are")
    func largeFile() throws {
        try scratch.shell("truncate -s 100M tree/desired/huge.yaml")
        let read = try scratch.readTree(tree)
        #expect(read.findings.map(\.code) == [.fileTooLarge])
        #expect(read.findings.first?.location?.file == "desired/huge.yaml")
        #expect(read.files.count == 2)
    }

    @Test("a tree over its limits is refused as a whole")
    func largeTree() {
        let small = TreeLimits(treeBytes: 60)
        #expect(scratch.refusal(of: tree, limits: small).map(\.code) == [.fileTooLarge])
        let few = TreeLimits(entries: 3)
        #expect(scratch.refusal(of: tree, limits: few).map(\.code) == [.fileTooLarge])
    }

    @Test("links within the tree are followed, links out of it are ignored with a warning")
    func links() throws {
        try scratch.write("outside.yaml", "kind: File\n")
        try scratch.write("tree/common/shared.yaml", "kind: File\n")
        try scratch.shell(
            """
            cd tree/desired
            ln -s ../common/shared.yaml inside.yaml
            ln -s ../common folder
            ln -s ../../outside.yaml outside.yaml
            ln -s /etc absolute
            ln -s nowhere.yaml missing.yaml
            ln -s self.yaml self.yaml
            ln -s . loop
            """)
        let read = try scratch.readTree(tree)
        #expect(
            read.files == [
                "desired/files/motd.yaml", "desired/folder/shared.yaml", "desired/inside.yaml",
                "desired/servers/in3.yaml",
            ])
        #expect(read.findings.allSatisfy { $0.code == .entryIgnored && $0.severity == .warning })
        #expect(
            read.findings.compactMap { $0.location?.file }.sorted() == [
                "desired/absolute", "desired/loop", "desired/missing.yaml",
                "desired/outside.yaml", "desired/self.yaml",
            ])
    }

    @Test("links between folders that double at each step end at the limit")
    func exponentialLinks() throws {
        try scratch.shell(
            """
            cd tree/desired
            for n in $(seq 1 30); do
                mkdir d$n; ln -s ../d$((n + 1)) d$n/a; ln -s ../d$((n + 1)) d$n/b
            done
            mkdir d31; echo > d31/x.yaml
            """)
        let refusal = scratch.refusal(of: tree, limits: TreeLimits(entries: 5000))
        #expect(refusal.map(\.code) == [.fileTooLarge])
    }

    @Test("pipes and sockets are never opened")
    func pipes() throws {
        try scratch.shell("mkfifo tree/desired/pipe.yaml")
        #expect(try scratch.readTree(tree).files.count == 2)
    }

    @Test("names that can't be printed are refused")
    func names() throws {
        try scratch.shell(
            "cd tree/desired; touch \"$(printf 'a\\033.yaml')\" \"$(printf 'b\\377.yaml')\"")
        let read = try scratch.readTree(tree)
        #expect(read.findings.map(\.code) == [.treeUnreadable, .treeUnreadable])
        #expect(read.files.count == 2)
    }

    @Test("two templates of one name are an error that shows both")
    func templates() throws {
        try scratch.write("tree/templates/nginx/frontend.txt", "")
        let read = try scratch.readTree(tree)
        #expect(read.findings.map(\.code) == [.templateDuplicate])
        #expect(read.findings.first?.location?.file == "templates/nginx/frontend.txt")
        #expect(
            read.findings.first?.related.first?.location.file == "templates/nginx/frontend.conf")
    }
}
