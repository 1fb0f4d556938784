import Foundation
import TestSupport
import Testing

/// Tables as others may have made them, with types, collations and names that are not Stead's.
@Suite(.serialized) struct OthersTablesTests {
    private static let tables = """
          users:
            fields:
              id: {type: int, primary: true, auto: true}
              email: {type: string, max: 190, required: true, unique: true}
              password_hash: {type: string, max: 100, required: true}
            filter: owner
            crud: [list, show, update]
          notes:
            fields:
              id: {type: int, primary: true, auto: true}
              note_id: {type: int, foreign: notes.id}
              weight: {type: int}
              text: {type: string, max: 80}
            filter: all
          odd:
            fields:
              id: {type: int, primary: true, auto: true}
              kind: {type: string, max: 20}
              place: {type: string, max: 20}
              size: {type: int}
            filter: all
          folders:
            fields:
              code: {type: string, max: 20, primary: true}
              parent: {type: string, max: 20, foreign: folders.code}
            filter: all
          papers:
            fields:
              id: {type: int, primary: true, auto: true}
              doc: {type: json}
              day: {type: date}
              at: {type: datetime}
            filter: all
          labels:
            fields:
              code: {type: string, max: 20, primary: true}
              text: {type: string, max: 20}
            filter: all
        """

    private static let site: Result<Site, any Error> = Result {
        let names = Engine.allCases.map { ("others-\($0.rawValue)", $0) }
        let site = try Site(
            (names + [("latin-mariadb", .mariadb)]).map { name, engine in
                AppFixture(
                    name: name, engine: engine, tables: tables,
                    settings: "auth: {table: users, login: email, password: password_hash, "
                        + "register: true}\n")
            })
        atexit { try? OthersTablesTests.site.get().end() }
        try site.outside(
            .mariadb, "others-mariadb",
            "ALTER TABLE users MODIFY email VARCHAR(190) NOT NULL COLLATE utf8mb4_general_ci",
            "ALTER TABLE users RENAME INDEX users_email_key TO mail",
            "ALTER TABLE notes MODIFY text VARCHAR(80) CHARACTER SET latin1",
            "ALTER TABLE notes MODIFY weight SMALLINT",
            "ALTER TABLE odd MODIFY kind INT, MODIFY place ENUM('a', 'b'), MODIFY size DATE",
            "ALTER TABLE labels MODIFY code VARCHAR(20) CHARACTER SET latin1 NOT NULL")
        try site.outside(
            .mariadb, "latin-mariadb",
            "ALTER TABLE users MODIFY email VARCHAR(190) CHARACTER SET latin1 NOT NULL")
        try site.outside(
            .postgres, "others-postgres",
            "ALTER TABLE odd ALTER COLUMN kind TYPE integer USING NULL",
            "ALTER TABLE odd ALTER COLUMN place TYPE point USING NULL",
            "ALTER TABLE odd ALTER COLUMN size TYPE date USING NULL",
            "ALTER TABLE labels ALTER COLUMN code TYPE integer USING 1",
            "ALTER TABLE notes ALTER COLUMN id TYPE integer",
            "ALTER TABLE notes ALTER COLUMN note_id TYPE integer",
            "ALTER TABLE notes ALTER COLUMN weight TYPE smallint")
        try site.outside(
            .sqlite, "others-sqlite",
            "CREATE TRIGGER no BEFORE INSERT ON notes WHEN new.text = 'no' "
                + "BEGIN SELECT raise(ABORT, 'nobody says no'); END")
        try site.outside(
            .mariadb, "others-mariadb",
            "CREATE TRIGGER no BEFORE INSERT ON notes FOR EACH ROW IF NEW.text = 'no' THEN "
                + "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'nobody says no'; END IF")
        try site.outside(
            .postgres, "others-postgres",
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS "
                + "$$ BEGIN RAISE EXCEPTION 'nobody says no'; END $$",
            "CREATE TRIGGER no BEFORE INSERT ON notes FOR EACH ROW WHEN (NEW.text = 'no') "
                + "EXECUTE FUNCTION no()")
        return site
    }

    private let site: Site

    init() throws {
        site = try Self.site.get()
    }

    private func sign(
        _ path: String, _ client: Client, _ email: String, password: String = "correct horse",
        from address: String? = nil
    ) throws -> Answer {
        try client.ask(
            "POST", path, #"{"email":"\#(email)","password":"\#(password)"}"#,
            [address ?? Client.elsewhere])
    }

    @Test("other spellings that a database takes for one login are one account")
    func spellings() throws {
        let client = try site.client("others-mariadb")
        let email = UUID().uuidString.lowercased() + "@x.test"
        #expect(try sign("auth/register", client, email).status == 201)
        let other = try sign("auth/login", client, email + " ")
        #expect(other.status == 200, "the database finds the row: \(other)")
        let statuses = try (2..<16).map { count in
            let spelling = email + String(repeating: " ", count: count)
            return try sign("auth/login", client, spelling, password: "battery staple").status
        }
        #expect(statuses.first == 401 && statuses.last == 429, "\(statuses)")
        #expect(try sign("auth/login", client, email.uppercased()).status == 429)
        #expect(try sign("auth/login", client, email.replacing("x", with: "X")).status == 429)
    }

    @Test("only IP addresses are addresses, and each is one in whatever spelling")
    func addresses() throws {
        let client = try site.client("others-sqlite")
        let address = Client.elsewhere
        func isLimited(_ address: (Int) -> String) throws -> Bool {
            try (0..<56).contains { count in
                try client.ask(
                    "POST", "auth/refresh", #"{"refresh_token":"none"}"#, [address(count)]
                ).status == 429
            }
        }
        let parts = address.split(separator: ": ")
        let spellings = [address, "\(parts[0]): \(parts[1].replacing(":", with: ":0"))"]
        #expect(try !isLimited { _ in Client.elsewhere })
        #expect(try isLimited { "X-Forwarded-For: \($0).elsewhere" })
        #expect(try isLimited { spellings[$0 % 2] })
    }

    @Test("what a trigger refuses is refused in its own words", arguments: Engine.allCases)
    func raised(_ engine: Engine) throws {
        let client = try site.client("others-\(engine.rawValue)", as: 1)
        let refused = try client.ask("POST", "notes", #"{"text":"no"}"#)
        #expect(refused.status == 422 && refused.code == "refused", "\(refused)")
        #expect(refused.body.contains("nobody says no"), "\(refused)")
        #expect(try client.ask("POST", "notes", #"{"text":"yes"}"#).status == 201)
    }

    @Test("a new row may refer to itself", arguments: Engine.allCases)
    func itself(_ engine: Engine) throws {
        let client = try site.client("others-\(engine.rawValue)", as: 1)
        let made = try client.ask("POST", "folders", #"{"code":"a","parent":"a"}"#)
        #expect(made.status == 201 && made.data["parent"] as? String == "a", "\(made)")
        let other = try client.ask("POST", "folders", #"{"code":"b","parent":"c"}"#)
        #expect(other.status == 409 && other.problems == ["parent:foreign_key"], "\(other)")
    }

    @Test("values that no type has spoil no answer", arguments: [Engine.sqlite, .postgres])
    func oddValues(_ engine: Engine) throws {
        let app = "others-\(engine.rawValue)"
        let documents = [#"{"a": [1, 2.5e3, {}], "b": "\\u00e9 x"}"#, "[]", " -0.1 "]
        for document in documents {
            try site.outside(engine, app, "INSERT INTO papers (doc) VALUES ('\(document)')")
        }
        let wrong =
            engine == .sqlite
            ? [
                "'{bad', '10000-01-01', 1732181234567890123", "'[1,]', '2026-11-21 10:00', -1",
                "'01', 'x', 1e300", "'\"\u{1}\"', '', ''", "']', 'é', 'é'",
            ] : ["NULL, 'infinity', '-infinity'", "NULL, '0044-03-15 BC', '10000-01-01'"]
        for values in wrong {
            try site.outside(engine, app, "INSERT INTO papers (doc, day, at) VALUES (\(values))")
        }
        let answer = try site.client(app, as: 1).ask("GET", "papers?order=id&fields=doc,day,at")
        #expect(answer.rows.count == documents.count + wrong.count, "\(answer)")
        #expect(answer.body.contains(#"{"doc":[],"day":null"#), "\(answer)")
        #expect(answer.body.contains(#"{"doc":-0.1,"day":null"#), "\(answer)")
        let days = answer.rows.dropFirst(documents.count).map { $0["day"] as? String }
        #expect(
            days
                == (engine == .sqlite
                    ? ["10000-01-01", "2026-11-21", "x", "", "é"] : ["infinity", "0044-03-15 BC"]),
            "\(answer)")
    }

    @Test("numbers beyond a column's own are numbers all the same", arguments: Engine.allCases)
    func numbers(_ engine: Engine) throws {
        let client = try site.client("others-\(engine.rawValue)", as: 1)
        let made = try client.ask("POST", "notes", #"{"weight":7}"#)
        let id = try #require(made.data["id"] as? Int, "\(made)")
        for (filter, count) in [
            ("id=99999999999", 0), ("id[lt]=9223372036854775807&id=\(id)", 1),
            ("weight[in]=7,99999999999&id=\(id)", 1), ("weight[between]=0,70000&id=\(id)", 1),
            ("weight[ne]=70000&id=\(id)", 1),
        ] {
            let answer = try client.ask("GET", "notes?\(filter)")
            #expect(answer.status == 200 && answer.rows.count == count, "\(filter): \(answer)")
        }
        for method in ["GET", "PATCH", "DELETE"] {
            let body = method == "PATCH" ? #"{"text":"a"}"# : nil
            let answer = try client.ask(method, "notes/99999999999", body)
            #expect(answer.status == 404, "\(method): \(answer)")
        }
        let lost = try client.ask("POST", "notes", #"{"note_id":99999999999}"#)
        #expect(lost.status == 409 && lost.problems == ["note_id:foreign_key"], "\(lost)")
    }

    @Test(
        "a number beyond a column's own is told with its field",
        arguments: [Engine.mariadb, .postgres])
    func beyond(_ engine: Engine) throws {
        let client = try site.client("others-\(engine.rawValue)", as: 1)
        for body in [#"{"weight":70000}"#, #"{"text":"a","weight":-99999999999}"#] {
            let answer = try client.ask("POST", "notes", body)
            #expect(answer.status == 422 && answer.problems == ["weight:too_long"], "\(answer)")
        }
    }

    @Test("characters that a column can't hold are told with its name")
    func characters() throws {
        let client = try site.client("others-mariadb", as: 1)
        let answer = try client.ask("POST", "notes", #"{"text":"😀`x`"}"#)
        #expect(answer.status == 422 && answer.problems == ["text:format"], "\(answer)")
        let id = try #require(
            try client.ask("POST", "notes", #"{"text":"é"}"#).data["id"] as? Int)
        let change = try client.ask("PATCH", "notes/\(id)", #"{"text":"😀"}"#)
        #expect(change.status == 422 && change.problems == ["text:format"], "\(change)")
    }

    @Test("a taken value is told with its field, whatever its index is called")
    func taken() throws {
        let client = try site.client("others-mariadb")
        let email = UUID().uuidString.lowercased() + "@x.test"
        #expect(try sign("auth/register", client, email).status == 201)
        let again = try sign("auth/register", client, email)
        #expect(again.status == 409 && again.problems == ["email:unique"], "\(again)")
    }

    @Test("a login that its column can't hold is nobody's, and can't become anybody's")
    func foreignLogin() throws {
        let client = try site.client("latin-mariadb")
        let login = try sign("auth/login", client, "😀@x.test")
        #expect(login.status == 401 && login.code == "invalid_credentials", "\(login)")
        let made = try sign("auth/register", client, "😀@x.test")
        #expect(made.status == 422 && made.problems == ["email:format"], "\(made)")
    }

    @Test(
        "a value that its column's type doesn't have is told with its field",
        arguments: [Engine.mariadb, .postgres])
    func values(_ engine: Engine) throws {
        let client = try site.client("others-\(engine.rawValue)", as: 1)
        let made = try client.ask("POST", "odd", "{}")
        let id = try #require(made.data["id"] as? Int, "\(made)")
        for (field, value) in [("kind", #""abc""#), ("place", #""zzz""#), ("size", "7")] {
            let body = #"{"\#(field)":\#(value)}"#
            for (method, target) in [("POST", "odd"), ("PATCH", "odd/\(id)")] {
                let answer = try client.ask(method, target, body)
                #expect(
                    answer.status == 422 && answer.problems == ["\(field):format"],
                    "\(method) \(body): \(answer)")
            }
        }
    }

    @Test("a filter, an order or a key that a column's type doesn't know is the request's mistake")
    func filters() throws {
        let postgres = try site.client("others-postgres", as: 1)
        for filter in [
            "kind=abc", "kind[like]=a*", "kind[in]=1,b", "place=abc", "order=place", "size=7",
            "or=(kind.eq.abc,id.eq.1)",
        ] {
            let answer = try postgres.ask("GET", "odd?\(filter)")
            #expect(answer.status == 400 && answer.code == "invalid_value", "\(filter): \(answer)")
        }
        let many = try postgres.ask("DELETE", "odd?kind=abc&max-affected=1")
        #expect(many.status == 400 && many.code == "invalid_value", "\(many)")
        let made = try postgres.ask("POST", "labels", #"{"code":"abc"}"#)
        #expect(made.status == 422 && made.problems == ["code:format"], "\(made)")
        let mariadb = try site.client("others-mariadb", as: 1)
        for filter in ["text=😀", "text[like]=😀*", "text[in]=a,😀", "text[between]=a,😀"] {
            let answer = try mariadb.ask("GET", "notes?\(filter)")
            #expect(answer.status == 400 && answer.code == "invalid_value", "\(filter): \(answer)")
        }
        for (client, key) in [(postgres, "abc"), (mariadb, "😀")] {
            for (method, body) in [("GET", nil), ("PATCH", #"{"text":"a"}"#), ("DELETE", nil)] {
                let answer = try client.ask(method, "labels/\(key)", body)
                #expect(answer.status == 404, "\(method) \(key): \(answer)")
            }
        }
    }
}
