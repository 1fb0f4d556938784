import Foundation
import Schemas
import Testing

@testable import Documenting

/// What the OpenAPI document says of requests.
@Suite struct OpenAPIRequestTests {
    private static func document(
        _ release: Release = Samples.tasks, _ role: CallerRole = .named("member")
    ) throws -> [String: Any] {
        let bytes = OpenAPI.document(of: release, role: role)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    /// What lies at a path of names.
    private static func at(_ names: [String], in value: Any) throws -> Any {
        try names.reduce(value) { value, name in
            try #require((value as? [String: Any])?[name], "\(names): no \(name)")
        }
    }

    private static func schema(_ name: String, _ release: Release = Samples.tasks) throws
        -> [String: Any]
    {
        let found = try at(["components", "schemas", name], in: try document(release))
        return try #require(found as? [String: Any])
    }

    private static func parameters(_ path: String, _ method: String) throws -> [[String: Any]] {
        let found = try at(["paths", path, method, "parameters"], in: try document())
        return try #require(found as? [[String: Any]])
    }

    private static func parameter(_ name: String, _ path: String, _ method: String = "get") throws
        -> [String: Any]
    {
        try #require(try parameters(path, method).first { $0["name"] as? String == name })
    }

    private static func matches(_ text: String, _ pattern: Any?) throws -> Bool {
        let expression = try NSRegularExpression(pattern: try #require(pattern as? String))
        let range = NSRange(text.startIndex..., in: text)
        return expression.firstMatch(in: text, range: range) != nil
    }

    // MARK: - Parameters

    @Test(
        "included relations are named, with fields in brackets",
        arguments: [
            ("project", true), ("project,tags(color,name)", true), ("tags(user)", true),
            ("", true), ("nothing", false), ("tags(nothing)", false), ("tags()", false),
            ("tags,", false), ("tags(name", false),
        ])
    func include(text: String, isValid: Bool) throws {
        let include = try Self.parameter("include", "/api/tasks")
        let pattern = try Self.at(["schema", "pattern"], in: include)
        #expect(try Self.matches(text, pattern) == isValid)
    }

    @Test(
        "groups hold conditions and groups",
        arguments: [
            ("(done.eq.true)", true), ("(title.like.A*,and(due.lt.2026-12-01,id.gt.3))", true),
            ("(id.in.(1,2),due.null.true)", true), ("(due.between.(2026-01-01,2026-02-01))", true),
            ("done.eq.true", false), ("(done.eq.maybe)", false), ("(done.lt.true)", false),
            ("(nothing.eq.1)", false), ("(id.eq.1,)", false), ("()", false),
        ])
    func groups(text: String, isValid: Bool) throws {
        let group = try Self.schema("Tasks.group")
        #expect(try Self.matches(text, group["pattern"]) == isValid)
    }

    @Test(
        "a day is one that there is",
        arguments: [
            ("2026-11-30", true), ("2024-02-29", true), ("2000-02-29", true), ("0001-01-01", true),
            ("2026-02-29", false), ("1900-02-29", false), ("2026-11-31", false),
            ("0000-01-01", false), ("2026-13-01", false),
        ])
    func days(text: String, isValid: Bool) throws {
        let due = try Self.at(["properties", "due"], in: try Self.schema("TasksCreate"))
        #expect(try Self.matches(text, try Self.at(["pattern"], in: due)) == isValid)
    }

    @Test("a change of many rows needs a filter, and any version to be meant where versions count")
    func bulk() throws {
        let filters = try Self.parameter("filters", "/api/projects", "patch")
        #expect(filters["required"] as? Bool == true && filters["explode"] as? Bool == true)
        let schema = try #require(filters["schema"] as? [String: Any])
        #expect(schema["minProperties"] as? Int == 1)
        #expect(schema["additionalProperties"] as? Bool == false)
        let properties = try #require(schema["properties"] as? [String: Any])
        for name in ["id", "name[like]", "or", "filter", "since"] {
            #expect(properties[name] != nil, "\(name)")
        }
        let match = try Self.parameter("If-Match", "/api/tasks", "delete")
        #expect(match["required"] as? Bool == true)
        #expect(try Self.at(["schema", "enum"], in: match) as? [String] == ["*"])
    }

    @Test("a named filter comes with its parameter, and the parameter with its filter")
    func namedFilter() throws {
        let filter = try Self.parameter("filter", "/api/projects")
        let schema = try #require(filter["schema"] as? [String: Any])
        let rules = try #require(schema["allOf"] as? [[String: Any]])
        #expect(try Self.at(["then", "required"], in: rules[0]) as? [String] == ["since"])
        let needed = try Self.at(["dependentSchemas", "since", "required"], in: schema)
        #expect(needed as? [String] == ["filter"])
    }

    // MARK: - Bodies

    @Test("rows lie in rows: two levels in a new one, one in a change")
    func nested() throws {
        let made = try Self.schema("ProjectsCreate")
        let tasks = try Self.at(["properties", "tasks", "items", "$ref"], in: made) as? String
        #expect(tasks == "#/components/schemas/Tasks.in.project_id.tree")
        let choices = try Self.at(["anyOf"], in: try Self.schema("Tasks.in.project_id.tree"))
        for choice in try #require(choices as? [[String: Any]]) {
            let properties = try #require(choice["properties"] as? [String: Any])
            // It lies in its project.
            #expect(properties["project_id"] == nil && properties["project"] == nil)
            #expect(properties["tags"] != nil)
        }
        let changed = try Self.schema("ProjectsPatch")
        let leaf = try Self.at(["properties", "tasks", "items", "$ref"], in: changed) as? String
        #expect(leaf == "#/components/schemas/Tasks.in.project_id")
        // A version is needed where the table asks for it.
        let text = String(describing: try Self.schema("Tasks.in.project_id"))
        #expect(text.contains("_etag") && !text.contains("tags"))
    }

    @Test("a reference is given by its column or by the row")
    func references() throws {
        let schema = try Self.schema("TasksCreate")
        #expect(schema["required"] as? [String] == ["title"])
        let all = try #require(schema["allOf"] as? [[String: Any]])
        let either = try #require(all[0]["anyOf"] as? [[String: Any]])
        #expect(either.map { $0["required"] as? [String] } == [["project_id"], ["project"]])
    }

    // MARK: - An app's own queries

    private static var withQueries: Release {
        var release = Samples.tasks
        var overdue = NamedQuery()
        overdue.name = "overdue"
        overdue.parameters = [
            .init(name: "before", type: ColumnType(.date), defaultText: nil),
            .init(name: "word", type: ColumnType(.string, maximum: 9), defaultText: ""),
        ]
        overdue.columns = [.init(name: "title", type: .text)]
        var chosen = NamedQuery()
        chosen.name = "chosen"
        chosen.isPublic = true
        chosen.override = .init(table: "statuses", operation: .list)
        chosen.columns = [.init(name: "id", type: .int)]
        var secret = NamedQuery()
        secret.name = "secret"
        secret.roles = ["admin"]
        release.queries = [overdue, chosen, secret]
        release.app.auth?.loginData = ["overdue"]
        return release
    }

    @Test("queries have typed parameters and rows, and stand in for lists")
    func queries() throws {
        let paths = try Self.at(["paths"], in: try Self.document(Self.withQueries))
        let query = try Self.at(["/api/overdue", "get"], in: paths)
        let parameters = try #require(
            try Self.at(["parameters"], in: query) as? [[String: Any]])
        #expect(parameters.map { $0["required"] as? Bool } == [true, nil])
        #expect(try Self.at(["schema", "maxLength"], in: parameters[1]) as? Int == 9)
        let data = ["responses", "200", "content", "application/json", "schema", "properties"]
        let row = try Self.at(data + ["data", "items", "required"], in: query)
        #expect(row as? [String] == ["title"])
        let list = try Self.at(["/api/statuses", "get", "operationId"], in: paths)
        #expect(list as? String == "query_chosen")
        let known = try #require(paths as? [String: Any])
        #expect(known["/api/secret"] == nil && known["/api/chosen"] == nil)
    }

    @Test("what comes along at sign-in is told")
    func loginData() throws {
        let session = try Self.schema("Session", Self.withQueries)
        let data = try Self.at(["properties", "login_data", "required"], in: session)
        #expect(data as? [String] == ["overdue"])
        #expect((session["required"] as? [String])?.contains("login_data") == false)
    }

    @Test("a role is told of what it may restore, and admins of what they may purge")
    func deleted() throws {
        for (role, mayPurge) in [(CallerRole.named("member"), false), (.admin, true)] {
            let paths = try Self.at(["paths"], in: try Self.document(Samples.tasks, role))
            let known = try #require(paths as? [String: Any])
            #expect(known["/api/projects/{id}/restore"] != nil)
            #expect((known["/api/projects/{id}/purge"] != nil) == mayPurge)
        }
    }
}
