import Diagnostics
import Planning
import Resources
import Testing

@Suite("Secrets")
struct SecretTests {
    /// Thirty secrets and the lines that hold them; `%` is the secret.
    static let lines = [
        "password: %", "PASSWORD=%", "db_passwd = '%'", #"{"password": "%", "user": "x"}"#,
        "export API_KEY=%", "api-key: %", "  apiKey: \"%\"", "token %", "--token %",
        "proxy_set_header Authorization \"Basic %\";", "set $secret \"%\";", "requirepass %",
        "machine example.com login x password %", "DB_PASS=%", "smtp_pass: %",
        "url: postgres://app:%@db/app", "https://%@github.com/x.git", "client_secret=%;",
        "curl -H 'X-Api-Key: %'", "<password>%</password>", "$config['password'] = '%';",
        "aws_secret_access_key = %", "PrivateKey = %", "PresharedKey = %", "credential %",
        "auth: Bearer %", "args: [\"--password\", \"%\"]", "passphrase is %",
        "password=\"%\"", "if ($http_x_token != \"%\") {",
    ]

    static func secret(_ number: Int, _ version: String) -> String {
        "hunter\(version)\(number)Zq9Lm4Xw7Rt2Kp5v"
    }

    static func text(_ version: String) -> String {
        var text = "# head\n"
        for (number, line) in lines.enumerated() {
            text += line.replacing("%", with: secret(number, version)) + "\n"
        }
        text += "-----BEGIN OPENSSH PRIVATE KEY-----\n"
        for number in 30..<40 { text += secret(number, version) + "\n" }
        return text + "-----END OPENSSH PRIVATE KEY-----\n# tail \(version)\n"
    }

    /// Everything that a plan gives out.
    private func outputs(_ plan: Plan) throws -> String {
        try [PlanText(isFull: true).render(plan), PlanJSON.render(plan)].joined()
            + String(decoding: SealedPlan.encode(plan), as: UTF8.self)
    }

    private func plan(_ file: FakeFile, seen: FakeFile.State?) -> Plan {
        var input = PlanInput.sample([file])
        input.sights[file.address] = .seen(file.assessment(of: seen))
        return Planner.plan(input)
    }

    @Test("planted in a file appear in no output, whether it comes, changes or goes")
    func planted() throws {
        let file = try FakeFile("file/a", Self.text("New"))
        var input = PlanInput.sample([])
        input.remove([file])
        let plans = [
            plan(file, seen: nil), plan(file, seen: .init(content: Self.text("Old"))),
            Planner.plan(input),
        ]
        for plan in plans {
            #expect(plan.changes.count == 1)
            let text = try outputs(plan)
            #expect(text.contains("# tail New"), "what is no secret is shown")
            for number in 0..<40 {
                for version in ["New", "Old"] {
                    #expect(!text.contains(Self.secret(number, version)), "secret \(number)")
                }
            }
        }
    }

    @Test("that changed show as changed lines")
    func changed() throws {
        let file = try FakeFile("file/a", "user: x\npassword: new\nport: 1\n")
        let plan = plan(file, seen: .init(content: "user: x\npassword: old\nport: 1\n"))
        #expect(
            plan.changes.first?.differences.first?.content?.diff == """
                @@ -1,3 +1,3 @@
                 user: x
                -password: «redacted» (changed)
                +password: «redacted» (changed)
                 port: 1

                """)
    }

    @Test("deep in a private key are hidden, though no hunk shows where it starts")
    func insideKey() throws {
        let head = "-----BEGIN RSA PRIVATE KEY-----\n"
        let body = (0..<20).map { "MIIEowIBAAKCAQEA\($0)\n" }
        var other = body
        other[10] = "SECRETLINE\n"
        let file = try FakeFile("file/a", head + other.joined())
        let text = try outputs(plan(file, seen: .init(content: head + body.joined())))
        #expect(!text.contains("SECRETLINE"))
        #expect(!text.contains("MIIE"))
        #expect(text.contains("«redacted» (changed)"))
    }

    @Test("that are declared show how many lines they have, and no digest")
    func declared() throws {
        var file = try FakeFile("file/a", "SECRETLINE\n")
        file.isSensitive = true
        let plan = plan(file, seen: .init(content: "OTHERLINE\nx\n"))
        let text = try outputs(plan)
        #expect(text.contains("content of /etc/a: (sensitive, 2 lines → 1 line)"))
        #expect(!text.contains("LINE"))
        #expect(!text.contains(Digest(of: "SECRETLINE\n").hexadecimal))
        #expect(!text.contains(Digest(of: "OTHERLINE\nx\n").hexadecimal))
        let content = try #require(plan.changes.first?.differences.first?.content)
        #expect(content.old?.sizeBytes == nil && content.old?.digest == nil)
    }

    @Test("in a short value are hidden, and still seen to change")
    func values() {
        func shown(_ subject: String, _ old: String?, _ new: String?, isSensitive: Bool = false)
            -> [String?]
        {
            let difference = PlannedDifference(
                Difference(subject, .text(old: old, new: new), isSensitive: isSensitive))
            return [difference.old, difference.new]
        }
        #expect(
            shown("command", "run --token aaa1", "run --token bbb2")
                == ["run --token «redacted»", "run --token «redacted» (changed)"])
        #expect(shown("password", nil, "hunter2") == [nil, "«redacted»"])
        #expect(shown("x", "a", "b", isSensitive: true) == ["(sensitive)", "(sensitive)"])
        #expect(shown("mode", "0644", "0600") == ["0644", "0600"])
    }

    @Test("in the source or in a failure are hidden")
    func messages() throws {
        let file = try FakeFile("file/a", "x")
        var input = PlanInput.sample([file])
        input.source = "https://git:SECRETLINE@example.com/x.git"
        input.sights[file.address] = .unknown(
            .transient(.init("no route to ssh://x:SECRETLINE@in3", detail: "password: SECRETLINE")))
        let text = try outputs(Planner.plan(input))
        #expect(!text.contains("SECRETLINE"))
        #expect(text.contains("https://git:«redacted»@example.com/x.git"))
    }
}
