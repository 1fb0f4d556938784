import Foundation
import TestSupport
import Testing

/// The demo app's API is what its OpenAPI document says, in everything that schemathesis tries:
/// requests that are as it says, and requests that are not.
@Suite(.serialized) struct OpenAPIConformanceTests {
    private static let root =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private let site: Site
    /// The folder of the programs that try it.
    private let tools: String

    init() throws {
        tools =
            try Tool.shell("scripts/api-checkers", in: Self.root)
            .trimmingCharacters(in: .whitespacesAndNewlines) + "/bin/"
        site = try Site(copying: "prokov", from: Self.root)
    }

    /// Somebody who has just signed in, with a few rows.
    private func person() throws -> Client {
        let client = try site.client("prokov")
        let answer = try client.ask(
            "POST", "auth/register",
            #"{"email":"ada@example.com","password":"correct horse","name":"Ada"}"#)
        client.token = try #require(answer.data["token"] as? String, "\(answer)")
        for (path, body) in [
            ("projects", #"{"name":"Engine","tasks":[{"title":"Notes"},{"title":"Cards"}]}"#),
            ("tags", #"[{"name":"urgent"},{"name":"later"}]"#),
            ("task_tags", #"{"task_id":1,"tag_id":1}"#),
        ] {
            let answer = try client.ask("POST", path, body)
            #expect(answer.status == 201, "\(answer)")
        }
        return client
    }

    /// The document that a caller gets, as a file.
    private func document(for client: Client) throws -> String {
        let answer = try client.ask("GET", "openapi.json")
        #expect(answer.status == 200)
        return try site.scratch.write("openapi.json", answer.body)
    }

    /// Has schemathesis try everything of a document.
    private func check(_ client: Client, _ arguments: [String]) throws {
        let file = try document(for: client)
        let folder = Self.root + "/Tests/GatewayTests/OpenAPI"
        let authorization = client.token.map { ["--header", "Authorization: Bearer \($0)"] } ?? []
        let result = try Tool.run(
            tools + "schemathesis",
            [
                "--no-color", "--config-file", folder + "/schemathesis.toml", "run", file,
                "--url", "http://127.0.0.1:\(site.port)", "--header", "Host: prokov.test",
                "--continue-on-failure",
            ] + authorization + arguments,
            in: site.scratch.root,
            environment: ["SCHEMATHESIS_HOOKS": folder + "/addresses.py"])
        #expect(result.status == 0, "\(result.everything)")
        // Something was tried at all.
        #expect(result.output.contains(" generated, "), "\(result.everything)")
        #expect(result.output.contains("passed"), "\(result.everything)")
    }

    @Test("the documents are OpenAPI 3.1")
    func valid() throws {
        for client in [try site.client("prokov"), try person()] {
            let result = try Tool.run(
                tools + "openapi-spec-validator", [try document(for: client)])
            #expect(result.status == 0, "\(result.everything)")
        }
    }

    @Test("whoever is signed in is answered as the document says")
    func signedIn() throws {
        // Whoever signs out in between is answered nothing else any more.
        try check(
            try person(),
            ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "5"]
                + ["--exclude-path", "/api/auth/logout"])
    }

    @Test("whoever signs out is answered as the document says")
    func signingOut() throws {
        try check(try person(), ["--include-path", "/api/auth/logout"])
    }

    @Test("whoever is not signed in is answered as the document says")
    func anonymous() throws {
        try check(try site.client("prokov"), ["--phases", "examples,coverage"])
    }
}
