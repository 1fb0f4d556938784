import Foundation
import SQL
import TestSupport
import Testing

/// What an app tells of itself, tried as it is told.
@Suite(.serialized) struct PageExamplesTests {
    private static let tables = """
          users:
            fields:
              id: {type: int, primary: true, auto: true}
              email: {type: string, max: 190, required: true, unique: true}
              password_hash: {type: string, max: 100, required: true}
              role: {type: string, max: 20}
            filter: {default: owner, admin: all}
          notes:
            fields:
              id: {type: int, primary: true, auto: true}
              user_id: {type: int, required: true, foreign: users.id}
              text: {type: string, max: 3, required: true}
              stars: {type: int, required: true, check: stars >= 3}
            filter: {default: owner, admin: all}
          signs:
            fields:
              id: {type: int, primary: true, auto: true}
              word: {type: string, required: true}
            public: [list, show, create, update, delete]
            concurrency: required
        """

    private let site: Site

    init() throws {
        site = try Site([
            AppFixture(
                name: "page", tables: Self.tables,
                settings: "auth: {table: users, login: email, password: password_hash, "
                    + "role: role, register: true}\n")
        ])
    }

    /// The examples of a page, as a person copies them.
    private func examples(_ page: String) -> [String] {
        page.components(separatedBy: "<pre><code>").dropFirst().map { part in
            (part.components(separatedBy: "</code>").first ?? "")
                .replacingOccurrences(of: "&#39;", with: "'")
                .replacingOccurrences(of: "&quot;", with: "\"")
                .replacingOccurrences(of: "&lt;", with: "<")
                .replacingOccurrences(of: "&gt;", with: ">")
                .replacingOccurrences(of: "&amp;", with: "&")
        }
    }

    private func page(_ client: Client, _ headers: [String]) throws -> String {
        let wire = try Wire(port: site.port)
        let token = client.token.map { ["Authorization: Bearer \($0)"] } ?? []
        try wire.send(
            (["GET /api/docs HTTP/1.1"] + headers + token).joined(separator: "\r\n") + "\r\n\r\n")
        return try wire.answer().body
    }

    @Test("a page's examples are for the host and scheme that it was asked at")
    func origins() throws {
        let client = try site.client("page")
        for (headers, origin) in [
            (["Host: page.test:\(site.port)"], "http://page.test:\(site.port)/api/"),
            (["Host: page.test", "X-Forwarded-Proto: https"], "https://page.test/api/"),
        ] {
            let page = try page(client, headers)
            let curls = examples(page).flatMap { $0.components(separatedBy: "curl ").dropFirst() }
            #expect(!curls.isEmpty)
            for curl in curls { #expect(curl.contains("'\(origin)"), "\(curl)") }
            #expect(!page.contains("localhost:8080"))
        }
    }

    @Test("a page's examples work for the role that it is for")
    func examplesWork() throws {
        let visitor = try site.client("page")
        let registered = try visitor.ask(
            "POST", "auth/register", #"{"email":"a@x.test","password":"correct horse"}"#)
        let token = try #require(registered.data["token"] as? String)
        let admin = try site.client("page", as: 1, role: "admin")
        for (client, expected) in [
            (visitor, ["signs"]), (Client(site, "page", as: token), ["notes", "signs"]),
            (admin, ["notes", "signs"]),
        ] {
            let page = try page(client, ["Host: page.test:\(site.port)"])
            let tables = examples(page).filter { !$0.contains("/api/auth/") }
            let made = expected.filter { table in
                tables.contains { $0.contains("-X POST") && $0.contains("/api/\(table)'") }
            }
            #expect(made == expected)
            #expect(!tables.contains { $0.contains("-X POST") && $0.contains("/api/users'") })
            // A row is made before it is shown and changed; none of them is deleted yet.
            for example in tables.filter({ $0.contains("POST") })
                + tables.filter({ !$0.contains("POST") && !$0.contains("DELETE") })
            {
                let result = try run(example, as: client.token)
                #expect(
                    result.hasSuffix(" 200") || result.hasSuffix(" 201"), "\(example): \(result)")
            }
        }
    }

    /// What a shell makes of an example: the answer and its status.
    private func run(_ example: String, as token: String?) throws -> String {
        let curl =
            "curl -s -w ' %{http_code}' --resolve page.test:\(site.port):127.0.0.1 "
        let version = try site.client("page", as: 1, role: "admin").ask("GET", "signs/1")["ETag"]
        return try Tool.run(
            "/bin/sh", ["-c", example.replacingOccurrences(of: "curl ", with: curl)],
            environment: ["TOKEN": token ?? "", "ETAG": version ?? ""]
        ).output
    }

    @Test("the base path names what is below it, as the caller may ask for it")
    func base() throws {
        let answer = try site.client("page").ask("GET", "")
        #expect(answer.status == 404)
        #expect(answer.body.contains("/api/signs, /api/openapi.json, /api/docs"), "\(answer)")
        let member = try site.client("page", as: 1).ask("GET", "")
        #expect(member.body.contains("/api/users, /api/notes, /api/signs"), "\(member)")
    }

    @Test("a check that somebody else made names its fields too")
    func foreignChecks() throws {
        let scratch = try Scratch()
        let path = scratch.path("old.db")
        try scratch.write("old.db", "")
        try SQLiteDatabase(.file(path)).script(
            """
            CREATE TABLE items (id INTEGER PRIMARY KEY, low INTEGER, high INTEGER,
              CHECK (low < high), CHECK (low % 2 = 1));
            CREATE TABLE pairs (id INTEGER PRIMARY KEY, one INTEGER, two INTEGER,
              CONSTRAINT theirs CHECK (one <> two));
            """)
        let printed = try SteadProcess(folder: scratch.root).run([
            "schema", "introspect", "--database", "sqlite:\(path)", "--app", "old",
        ])
        let start = try #require(printed.output.range(of: "tables:\n"))
        let app = AppFixture(
            name: "old",
            tables: String(printed.output[start.upperBound...]).replacingOccurrences(
                of: "    fields:", with: "    public: [create]\n    fields:"),
            path: path)
        let site = try Site([app])
        let client = try site.client("old")
        for (table, body, fields) in [
            ("items", #"{"low":3,"high":2}"#, ["low:check", "high:check"]),
            ("items", #"{"low":2,"high":5}"#, ["low:check"]),
            ("pairs", #"{"one":2,"two":2}"#, ["one:check", "two:check"]),
        ] {
            let answer = try client.ask("POST", table, body)
            #expect(answer.status == 422 && answer.problems == fields, "\(answer)")
        }
    }
}
