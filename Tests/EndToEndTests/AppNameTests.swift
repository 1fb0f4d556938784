import TestSupport
import Testing

/// What `stead schema` says of an app's name.
@Suite struct AppNameTests {
    private let tree: LocalTree

    init() throws {
        tree = try LocalTree()
        try tree.scratch.write(
            "repo/desired/apps/shop/app.yaml",
            "kind: App\ndatabase: {engine: sqlite, path: \(tree.scratch.path("app.db"))}\n")
        try tree.scratch.write(
            "repo/desired/apps/shop/schema.yaml",
            "kind: Schema\ntables: {tags: {fields: {id: {type: int, primary: true}}}}\n")
    }

    private func schema(_ command: String, _ app: String, _ more: String...) throws
        -> SteadProcess.Result
    {
        try tree.stead.run(["schema", command, app, "--repo", "repo"] + more)
    }

    @Test(
        "an app that nobody declares is unknown, with the nearest one",
        arguments: [
            "validate", "diff", "migrate",
        ])
    func unknown(_ command: String) throws {
        let near = try schema(command, "shoop")
        #expect(near.status == 64, "\(near.everything)")
        #expect(
            near.errors.contains("unknown app `shoop`: did you mean `shop`?"), "\(near.everything)")
        let far = try schema(command, "nope")
        #expect(far.status == 64)
        #expect(
            far.errors.contains("unknown app `nope`: the apps are shop"), "\(far.everything)")
        #expect(!far.everything.contains("--only"), "\(far.everything)")
        #expect(!far.everything.contains("Valid"), "\(far.everything)")
    }

    @Test("its errors are told, and only its own; as JSON too")
    func validity() throws {
        let valid = try schema("validate", "schema/shop")
        #expect(valid.status == 0, "\(valid.everything)")
        #expect(valid.output == "Valid: 2 resources.\n")
        let json = try schema("validate", "shop", "--format", "json")
        #expect(json.output.contains(#""valid":true"#), "\(json.everything)")
        #expect(json.output.contains(#""resources":2"#), "\(json.everything)")
        // Another app's mistake, and one of a document that lies elsewhere.
        try tree.scratch.write("repo/desired/apps/other/app.yaml", "kind: App\n")
        #expect(try schema("validate", "shop").status == 0)
        #expect(try schema("validate", "other").status == 65)
        #expect(try schema("validate", "nope").status == 64)
        try tree.scratch.write(
            "repo/desired/apps/shop/schema.yaml",
            "kind: Schema\ntables: {tags: {fields: {id: {type: int}}}}\n")
        let invalid = try schema("validate", "shop", "--format", "json")
        #expect(invalid.status == 65, "\(invalid.everything)")
        #expect(invalid.output.contains(#""valid":false"#), "\(invalid.everything)")
        #expect(invalid.output.contains("the table needs a primary key"), "\(invalid.everything)")
        #expect(!invalid.output.contains("apps/other"), "\(invalid.everything)")
    }
}
