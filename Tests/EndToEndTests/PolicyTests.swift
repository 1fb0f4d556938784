import TestSupport
import Testing

/// Policies with the whole program: what is refused when a tree is loaded, and what when a plan is
/// made.
@Suite struct PolicyTests {
    private func tree(_ rules: String) throws -> LocalTree {
        let tree = try LocalTree()
        try tree.scratch.write(
            "repo/desired/policies/guards.yaml", "kind: Policy\nname: guards\nrules:\n\(rules)")
        return tree
    }

    @Test("a document that is denied makes the tree invalid, for every command")
    func documents() throws {
        let tree = try tree(
            """
              - deny: kind == File && mode == 0644 && labels.tier == public
                message: Public files are read by their group alone.
              - warn: kind == File
                message: Prefer a package.

            """)
        try tree.file("motd", content: "x\n", extra: "labels: {tier: public}\n")
        let result = try tree.stead.run("validate", "--repo", "repo")
        #expect(result.status == 65)
        let place = "desired/files/motd.yaml:1:1: "
        #expect(
            result.errors.contains(
                place + "error[POL001]: denied by policy/guards: Public files are read by"),
            "\(result.everything)")
        #expect(result.errors.contains("desired/policies/guards.yaml:4:11: the rule"))
        #expect(result.errors.contains(place + "warning[POL002]: warned of by policy/guards"))
        #expect(try tree.plan().status == 65)
        #expect(try tree.apply().status == 65)
        #expect(!tree.scratch.exists("root/motd"))
        try tree.file("motd", content: "x\n", extra: "labels: {tier: internal}\n")
        let valid = try tree.stead.run("validate", "--repo", "repo")
        #expect(valid.status == 0, "\(valid.everything)")
        #expect(valid.output.contains("Valid: 2 resources."), "a policy is no resource")
    }

    @Test("a change that is denied stands in the plan, and apply makes the others alone")
    func changes() throws {
        let tree = try tree(
            """
              - deny: change.action == update && labels.frozen == true
                message: It is frozen.
              - deny: change.action == delete && name matches db-*
                message: Databases stay.
              - warn: change.action == delete
                message: A file goes.

            """)
        for name in ["motd", "db-main", "tmp"] {
            try tree.file(name, content: "one\n", extra: "labels: {frozen: true}\n")
        }
        #expect(try tree.apply().status == 0, "creating is not denied")
        try tree.file("motd", content: "two\n", extra: "labels: {frozen: true}\n")
        try tree.file("new", content: "one\n")
        try tree.scratch.remove("repo/desired/files/db-main.yaml")
        try tree.scratch.remove("repo/desired/files/tmp.yaml")

        let plan = try tree.plan()
        #expect(plan.status == 0, "\(plan.everything)")
        #expect(plan.output.contains("update denied by policy/guards: It is frozen."))
        #expect(plan.output.contains("delete denied by policy/guards: Databases stay."))
        #expect(plan.output.contains("policy/guards warns: A file goes."))
        #expect(
            plan.output.hasSuffix(
                "Plan: 1 to create, 0 to update, 1 to delete, 0 drifted, 2 denied, 0 unknown, "
                    + "1 unchanged.\n"), "\(plan.everything)")
        let json = try tree.plan("--format", "json").output
        #expect(json.contains(#""denied":2"#) && json.contains(#""message":"It is frozen.""#))

        let apply = try tree.apply()
        #expect(apply.status == 1, "\(apply.everything)")
        #expect(apply.output.contains("partial: 1 created, 1 deleted, 2 denied, 1 unchanged."))
        let history = try tree.stead.run("history", "2").output
        #expect(history.contains("file/motd  denied: denied by policy/guards: It is frozen."))
        #expect(try tree.seen("motd") == "one\n")
        #expect(try tree.seen("new") == "one\n")
        #expect(tree.scratch.exists("root/db-main"))
        #expect(!tree.scratch.exists("root/tmp"))
        #expect(try tree.plan("--detailed-exitcode").status == 1, "nothing is left to be made")
        #expect(try !tree.stead.run("status").output.contains("policy/"))

        try tree.scratch.remove("repo/desired/policies/guards.yaml")
        #expect(try tree.apply().status == 0)
        #expect(try tree.seen("motd") == "two\n")
        #expect(!tree.scratch.exists("root/db-main"), "it stayed in the inventory")
    }

    @Test("a sealed plan does not carry a change past the policy")
    func sealed() throws {
        let tree = try tree("  - deny: change.action == drift\n    message: Look at it first.\n")
        try tree.file("motd", content: "one\n")
        #expect(try tree.apply().status == 0)
        try tree.scratch.write("root/motd", "by hand\n")
        #expect(try tree.plan("--out", "plan.json").output.contains("1 denied"))
        let result = try tree.stead.run("apply", "plan.json", "--repo", "repo", "--yes")
        #expect(result.status == 1, "\(result.everything)")
        #expect(result.output.contains("denied by policy/guards: Look at it first."))
        #expect(try tree.seen("motd") == "by hand\n")
    }

    @Test("its mistakes are told at their column, and the manual knows it")
    func manual() throws {
        let tree = try tree("  - deny: kind == File && contnet contains secret\n    message: no\n")
        let result = try tree.stead.run("validate", "--repo", "repo")
        #expect(result.status == 65)
        #expect(
            result.errors.contains(
                "desired/policies/guards.yaml:4:27: error[POL102]: unknown field `contnet`"),
            "\(result.everything)")
        #expect(result.errors.contains("did you mean `content`?"))
        let page = try tree.stead.run("explain", "Policy")
        #expect(page.output.contains("rules"), "\(page.everything)")
        let field = try tree.stead.run("explain", "Policy.rules.deny")
        #expect(field.output.contains("the change is not made"), "\(field.everything)")
        let schema = try tree.stead.run("explain", "--format", "json-schema")
        #expect(schema.output.contains("\"#/$defs/Policy\""))
    }
}
