import Identity
import Testing

@Suite("tokens")
struct TokenTests {
    @Test("what is signed is verified, by every algorithm", arguments: SigningAlgorithm.allCases)
    func roundTrip(_ algorithm: SigningAlgorithm) throws {
        let keys = try KeySet(current: .generate(algorithm))
        var claims = Forgery.claims
        claims.notBefore = Forgery.now
        claims.issuedAt = Forgery.now
        claims.id = "b\"\\\u{1}\u{1F}é🦉"
        claims.role = "admin"
        claims.session = "s"
        claims.extra = [
            "level": -3, "vip": true, "off": false, "name": "Zoë", "least": .integer(.min),
        ]
        let token = try keys.sign(claims)
        let read = try keys.verify(token, expecting: Forgery.expectation, now: Forgery.now)
        #expect(read == claims)
        let bytes = try keys.verify(
            Array(token.utf8), expecting: Forgery.expectation, now: Forgery.now)
        #expect(bytes == claims)
        #expect(try Forgery.refusal(of: String(token.dropLast(4)), by: keys) != nil)
    }

    @Test("a token that another library wrote is read")
    func foreign() throws {
        // The header and the payload with blanks, escapes and another order of members.
        let token = Forgery.token(
            header: "{ \"typ\" : \"jwt\",\n\"kid\":\"\\u006fne\", \"alg\":\"HS256\" }",
            payload: #"{"sub":"\uD83E\uDD89\/","exp":1800000600,"aud":"app","#
                + #""iss":"https:\/\/a.example"}"#)
        let claims = try Forgery.keys().verify(
            token, expecting: Forgery.expectation, now: Forgery.now)
        #expect(claims.subject == "🦉/")
    }

    @Test("the example of RFC 7515 has the signature that it prints")
    func publishedExample() throws {
        // Appendix A.1: refused only for its header and claims, which are not ours.
        let secret = try #require(
            Base64URL.decode(
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjA"
                    + "zZr1Z9CAow"))
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
            + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"
            + "Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
            + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        let keys = try KeySet(current: SigningKey(secret: secret, kid: "one"))
        #expect(try Forgery.refusal(of: token, by: keys) == .badClaim("aud"))
        #expect(try Forgery.refusal(of: token + "A", by: keys) == .badSignature)
    }

    @Test("clocks may be apart by the leeway and no more")
    func leeway() throws {
        let keys = try Forgery.keys()
        var claims = Forgery.claims
        claims.notBefore = Forgery.now
        let token = try keys.sign(claims)
        func refusal(at now: Int) -> TokenError? {
            do throws(TokenError) {
                _ = try keys.verify(token, expecting: Forgery.expectation, now: now)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(at: Forgery.now - 31) == .notYetValid)
        #expect(refusal(at: Forgery.now - 30) == nil)
        #expect(refusal(at: claims.expiresAt + 29) == nil)
        #expect(refusal(at: claims.expiresAt + 30) == .expired)
    }

    @Test("claims that would be refused are not signed")
    func unsignable() throws {
        let keys = try Forgery.keys()
        func refusal(_ change: (inout TokenClaims) -> Void) -> SigningError? {
            var claims = Forgery.claims
            change(&claims)
            do throws(SigningError) {
                _ = try keys.sign(claims)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal { $0.expiresAt = -1 } == .badClaim("exp"))
        #expect(refusal { $0.notBefore = .max } == .badClaim("nbf"))
        #expect(refusal { $0.subject = "a\0b" } == .badClaim("sub"))
        #expect(refusal { $0.role = String(repeating: "é", count: 513) } == .badClaim("role"))
        #expect(refusal { $0.extra = ["exp": 1] } == .badClaim("exp"))
        #expect(refusal { $0.extra = ["": 1] } == .badClaim(""))
        let many = (0...16).map { ("claim\($0)", ClaimValue.integer($0)) }
        #expect(refusal { $0.extra = .init(uniqueKeysWithValues: many) } == .tooManyClaims)
        let long = (0..<8).map {
            ("c\($0)", ClaimValue.string(String(repeating: "a", count: 1024)))
        }
        #expect(refusal { $0.extra = .init(uniqueKeysWithValues: long) } == .tooLong)
    }

    @Test("base64url has one spelling for each string of bytes")
    func base64() {
        for count in 0...33 {
            let bytes = RandomBytes.make(count)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        for text in ["A", "-_9", "-_8=", "+/8", "-_ 8", "-_8\n", "é", "AAAAA"] {
            #expect(Base64URL.decode(text) == nil, "\(text)")
        }
        #expect(RandomBytes.token(bytes: 32).utf8.count == 43)
        #expect(RandomBytes.token() != RandomBytes.token())
    }

    @Test("two secrets are equal only byte for byte")
    func constantTime() {
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2]))
        #expect(ConstantTime.equal([], []))
        #expect(!ConstantTime.equal("é", "e\u{301}"))
    }
}
