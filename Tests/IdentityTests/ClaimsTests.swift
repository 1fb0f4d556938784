import Identity
import Testing

@Suite("claims of tokens")
struct ClaimsTests {
    /// A signed token of the usual claims without one of them, and with this text added.
    private static func refusal(
        without name: String = "", adding text: String = ""
    ) throws -> TokenError? {
        let usual = [
            ("iss", #""https://a.example""#), ("aud", #""app""#), ("sub", #""7""#),
            ("exp", "1800000600"),
        ]
        var members = usual.filter { $0.0 != name }.map { #""\#($0.0)":\#($0.1)"# }
        if !text.isEmpty { members.append(text) }
        let payload = "{" + members.joined(separator: ",") + "}"
        return try Forgery.refusal(of: Forgery.token(payload: payload))
    }

    @Test(
        "issuer, audience, subject and end are required", arguments: ["iss", "aud", "sub", "exp"])
    func required(_ name: String) throws {
        #expect(try Self.refusal(without: name) == .badClaim(name))
    }

    @Test("another's token is refused, and so is one for another")
    func expected() throws {
        #expect(try Self.refusal(without: "iss", adding: #""iss":"evil""#) == .wrongIssuer)
        #expect(try Self.refusal(without: "aud", adding: #""aud":"App""#) == .wrongAudience)
        #expect(try Self.refusal(without: "aud", adding: #""aud":"""#) == .wrongAudience)
        let list = #""aud":["app","other"]"#
        #expect(try Self.refusal(without: "aud", adding: list) == .badPayload)
    }

    @Test("texts are compared byte for byte, not as Unicode")
    func equivalence() throws {
        let keys = try Forgery.keys()
        var claims = Forgery.claims
        claims.audience = "e\u{301}"
        let token = try keys.sign(claims)
        let expectation = TokenExpectation(issuer: claims.issuer, audience: "\u{E9}")
        #expect(throws: TokenError.wrongAudience) {
            try keys.verify(token, expecting: expectation, now: Forgery.now)
        }
    }

    @Test(
        "a time is a whole number of seconds from 1970 to 9999",
        arguments: [
            ("-1", TokenError.badClaim("exp")), ("-1800000600", .badClaim("exp")),
            ("253402300800", .badClaim("exp")), (#""1800000600""#, .badClaim("exp")),
            ("true", .badClaim("exp")), ("9223372036854775807", .badClaim("exp")),
            ("1800000600.0", .badPayload), ("1.8e9", .badPayload), ("1e400", .badPayload),
            ("9223372036854775808", .badPayload), ("01800000600", .badPayload),
            ("+1800000600", .badPayload), ("null", .badPayload), ("NaN", .badPayload),
            ("0x7fffffff", .badPayload), ("", .badPayload), ("-", .badPayload),
            ("[1800000600]", .badPayload), ("{}", .badPayload), ("0", .expired),
        ])
    func times(_ text: String, error: TokenError) throws {
        #expect(try Self.refusal(without: "exp", adding: #""exp":\#(text)"#) == error)
    }

    @Test("a token before its time is refused, and one whose nbf or iat is malformed")
    func notBefore() throws {
        #expect(try Self.refusal(adding: #""nbf":1800000031"#) == .notYetValid)
        #expect(try Self.refusal(adding: #""nbf":1800000030"#) == nil)
        #expect(try Self.refusal(adding: #""nbf":"0""#) == .badClaim("nbf"))
        #expect(try Self.refusal(adding: #""iat":-1"#) == .badClaim("iat"))
        #expect(try Self.refusal(adding: #""jti":1"#) == .badClaim("jti"))
        #expect(try Self.refusal(adding: #""role":["admin"]"#) == .badPayload)
    }

    @Test(
        "a claim that stands twice is refused",
        arguments: [
            #""sub":"8""#, #""sub":"7""#, #""exp":1900000000"#, #""\u0073ub":"8""#,
            #""role":"user","role":"admin""#, #""a":1,"a":1"#, #""é":1,"e\u0301":1"#,
        ])
    func duplicates(_ text: String) throws {
        #expect(try Self.refusal(adding: text) == .badPayload)
    }

    @Test(
        "text is Unicode",
        arguments: [
            #""a":"\uD800""#, #""a":"\uDC00""#, #""a":"\uD800x""#, #""a":"\uD800\u0041""#,
            #""a":"\uDC00\uD800""#, #""a":"\uD800\uD800\uDC00""#, #""\uDFFF":1"#,
            #""a":"\u0000""#, #""a":"\u12""#, #""a":"\u00g0""#, #""a":"\x41""#, #""a":"\"#,
            "\"a\":\"\n\"", "\"a\":\"\u{1}\"", #""a":"b"#,
        ])
    func escapes(_ text: String) throws {
        #expect(try Self.refusal(adding: text) == .badPayload)
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80],
            [0x80],
        ] as [[UInt8]])
    func encoding(_ bytes: [UInt8]) throws {
        let head = Array(Forgery.payload.utf8.dropLast()) + Array(#","a":""#.utf8)
        let payload = head + bytes + Array(#""}"#.utf8)
        #expect(try Forgery.refusal(of: Forgery.token(payload: payload)) == .badPayload)
    }

    @Test("no claim is nested, and there are not too many nor too long ones")
    func size() throws {
        #expect(try Self.refusal(adding: #""a":{}"#) == .badPayload)
        #expect(try Self.refusal(adding: #""a":[]"#) == .badPayload)
        let sixteen = (0..<16).map { #""c\#($0)":\#($0)"# }.joined(separator: ",")
        #expect(try Self.refusal(adding: sixteen) == nil)
        #expect(try Self.refusal(adding: sixteen + #","c":1"#) == .badPayload)
        let long = String(repeating: "a", count: 1025)
        #expect(try Self.refusal(adding: #""a":"\#(long)""#) == .badPayload)
        #expect(try Self.refusal(adding: #""role":"\#(long)""#) == .badClaim("role"))
        #expect(try Self.refusal(adding: #""\#(long.prefix(65))":1"#) == .badPayload)
        #expect(try Self.refusal(adding: #""":1"#) == .badPayload)
    }

    @Test("nothing stands around the payload's object")
    func surroundings() throws {
        for payload in [
            Forgery.payload + "}", Forgery.payload + "x", "x" + Forgery.payload,
            "\u{FEFF}" + Forgery.payload, "[" + Forgery.payload + "]", "", "{", "null",
            Forgery.payload + "\0", Forgery.payload.replacing("}", with: ",}"),
        ] {
            #expect(try Forgery.refusal(of: Forgery.token(payload: payload)) == .badPayload)
        }
        let blanks = " \t\r\n" + Forgery.payload + "\n"
        #expect(try Forgery.refusal(of: Forgery.token(payload: blanks)) == nil)
    }
}
