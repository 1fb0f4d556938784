import FoundationEssentials
import Identity
import Testing

@Suite("key sets")
struct KeySetTests {
    @Test("tokens of a former key are accepted until its time is over")
    func rotation() throws {
        let now = Forgery.now
        let first = try Forgery.keys()
        var claims = Forgery.claims
        claims.expiresAt = now + 10_000
        let old = try first.sign(claims)
        let second = try first.rotated(
            to: .generate(.es256), now: now, overlapSeconds: 100)
        let new = try second.sign(claims)
        let expectation = Forgery.expectation
        #expect(try second.verify(old, expecting: expectation, now: now + 99) == claims)
        #expect(try second.verify(new, expecting: expectation, now: now + 200) == claims)
        #expect(throws: TokenError.unknownKey) {
            try second.verify(old, expecting: expectation, now: now + 100)
        }
        #expect(throws: TokenError.unknownKey) {
            try first.verify(new, expecting: expectation, now: now)
        }
        let third = try second.rotated(
            to: .generate(.edDSA), now: now + 100, overlapSeconds: 50)
        #expect(third.retired.map(\.key.kid) == [second.current.kid])
        #expect(try third.verify(new, expecting: expectation, now: now + 149) == claims)
    }

    @Test(
        "a set is read back from its text, with each kind of key",
        arguments: SigningAlgorithm.allCases)
    func text(_ algorithm: SigningAlgorithm) throws {
        let first = try KeySet(current: .generate(algorithm))
        let set = try first.rotated(
            to: .generate(algorithm), now: Forgery.now, overlapSeconds: 60)
        let read = try KeySet(text: set.text())
        #expect(read.current.kid == set.current.kid)
        #expect(read.current.algorithm == algorithm)
        #expect(read.retired.map(\.acceptedUntil) == [Forgery.now + 60])
        for signer in [first, set] {
            let token = try signer.sign(Forgery.claims)
            #expect(try Forgery.refusal(of: token, by: read) == nil)
        }
        #expect(try Forgery.refusal(of: read.sign(Forgery.claims), by: set) == nil)
        #expect(try read.text() == set.text())
    }

    @Test("an RSA key whose numbers are of two keys is refused", arguments: ["n", "d", "p"])
    func mixedNumbers(_ name: String) throws {
        struct Stored: Codable { var keys: [[String: String]] }
        func stored() throws -> Stored {
            let text = try KeySet(current: .generate(.rs256, kid: "a")).text()
            return try JSONDecoder().decode(Stored.self, from: Data(text.utf8))
        }
        var mixed = try stored()
        mixed.keys[0][name] = try stored().keys[0][name]
        let text = String(decoding: try JSONEncoder().encode(mixed), as: UTF8.self)
        #expect(throws: KeyError.self) { try KeySet(text: text) }
    }

    @Test("what is published holds no private part")
    func published() throws {
        struct Published: Decodable { var keys: [[String: String]] }
        for algorithm in SigningAlgorithm.allCases {
            let set = try KeySet(current: .generate(algorithm))
            let published = try JSONDecoder().decode(
                Published.self, from: Data(set.publicText().utf8))
            #expect(published.keys.count == (algorithm == .hs256 ? 0 : 1))
            let allowed: Set = ["kty", "kid", "alg", "use", "crv", "x", "y", "n", "e"]
            for key in published.keys { #expect(allowed.isSuperset(of: key.keys)) }
        }
    }

    @Test("the keys of RFC 7515 are read")
    func publishedKeys() throws {
        // Appendix A.3, and RFC 8037, appendix A.1.
        let elliptic = """
            {"keys":[{"kty":"EC","crv":"P-256","kid":"ec","alg":"ES256",
            "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"},
            {"kty":"OKP","crv":"Ed25519","kid":"ed","alg":"EdDSA","use":"sig","exp":1800000600,
            "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
            """
        let set = try KeySet(text: elliptic)
        #expect(set.current.description == "ES256 ec")
        #expect(set.retired.first?.key.description == "EdDSA ed")
        let token = try set.sign(Forgery.claims)
        #expect(try Forgery.refusal(of: token, by: set) == nil)
        let mixed = elliptic.replacing("f83OJ3D2", with: "f83OJ3D3")
        #expect(
            throws: KeyError.malformedKey(kid: "ec", why: "d, x and y are not of one key")
        ) { try KeySet(text: mixed) }
    }

    @Test(
        "a text that is no set of ours is refused",
        arguments: [
            ("", KeyError.malformedSet), ("[]", .malformedSet), ("{}", .malformedSet),
            (#"{"keys":[]}"#, .noCurrentKey), (#"{"keys":[{"kty":"oct"}]}"#, .malformedSet),
            (Self.octet(k: String(repeating: "A", count: 42)), .secretTooShort),
            (
                Self.octet(k: String(repeating: "A", count: 42) + "="),
                .malformedKey(kid: "a", why: "k is not base64url")
            ),
            (Self.octet(kid: "a b"), .badIdentifier), (Self.octet(kid: ""), .badIdentifier),
            (Self.octet(others: #","exp":1"#), .noCurrentKey),
            (Self.octet(others: #","exp":1.5"#), .malformedSet),
            (
                Self.octet(others: #","use":"enc""#),
                .malformedKey(kid: "a", why: "its use is not sig")
            ),
            (
                Self.octet(alg: "RS256"),
                .malformedKey(kid: "a", why: "its kty, alg and crv don't go together")
            ),
            (
                Self.octet(alg: "none"),
                .malformedKey(kid: "a", why: "its kty, alg and crv don't go together")
            ),
            (Self.octet().replacing("]}", with: "," + Self.octet().dropFirst(9)), .noCurrentKey),
        ])
    func malformed(_ text: String, error: KeyError) throws {
        #expect(throws: error) { try KeySet(text: text) }
    }

    @Test("two keys of one name, or too many, are no set")
    func sizes() throws {
        let key = try SigningKey.generate(.hs256, kid: "a")
        #expect(throws: KeyError.duplicateIdentifier("a")) {
            try KeySet(current: key, retired: [RetiredKey(key, acceptedUntil: 1)])
        }
        let many = try (0..<16).map { _ in
            RetiredKey(try .generate(.hs256), acceptedUntil: 1)
        }
        #expect(throws: KeyError.tooManyKeys) { try KeySet(current: key, retired: many) }
    }

    @Test("a secret needs 32 bytes, and a key a plain name")
    func keys() throws {
        #expect(throws: KeyError.secretTooShort) {
            try SigningKey(secret: RandomBytes.make(31), kid: "a")
        }
        for kid in ["", "a b", "a\"", "é", "a/b", String(repeating: "a", count: 65)] {
            #expect(throws: KeyError.badIdentifier) { try SigningKey.generate(.hs256, kid: kid) }
        }
    }

    @Test("a key does not print its secret")
    func secrecy() throws {
        let secret = "0123456789abcdef0123456789abcdef"
        let key = try SigningKey(secret: Array(secret.utf8), kid: "one")
        let set = try KeySet(current: key)
        #expect("\(key)" == "HS256 one")
        var dumped = ""
        dump(set, to: &dumped)
        for text in ["\(set)", String(reflecting: key), String(reflecting: set), dumped] {
            #expect(!text.contains("0123456789abcdef") && !text.contains("48, 49, 50"), "\(text)")
        }
    }

    private static func octet(
        kid: String = "a", alg: String = "HS256", k: String = String(repeating: "A", count: 43),
        others: String = ""
    ) -> String {
        #"{"keys":[{"kty":"oct","kid":"\#(kid)","alg":"\#(alg)","k":"\#(k)"\#(others)}]}"#
    }
}
