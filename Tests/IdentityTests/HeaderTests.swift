import Identity
import Testing

@Suite("headers of tokens")
struct HeaderTests {
    @Test(
        "a header holds an algorithm, a key's name and a type, and nothing else",
        arguments: [
            #"{"alg":"HS256","kid":"one","crit":["exp"]}"#,
            #"{"alg":"HS256","kid":"one","crit":"exp"}"#,
            #"{"alg":"HS256","kid":"one","jwk":{"kty":"oct","k":"AAAA"}}"#,
            #"{"alg":"HS256","kid":"one","jwk":"x"}"#,
            #"{"alg":"HS256","kid":"one","jku":"https://evil.example/keys"}"#,
            #"{"alg":"HS256","kid":"one","x5u":"https://evil.example/chain"}"#,
            #"{"alg":"HS256","kid":"one","x5c":["AAAA"]}"#,
            #"{"alg":"HS256","kid":"one","x5c":"AAAA"}"#,
            #"{"alg":"HS256","kid":"one","zip":"DEF"}"#,
            #"{"alg":"HS256","kid":"one","b64":false}"#,
            #"{"alg":"HS256","kid":"one","cty":"JWT"}"#,
            #"{"alg":"HS256","kid":"one","typ":"JOSE"}"#,
            #"{"alg":"HS256","kid":"one","typ":""}"#,
            #"{"alg":"HS256","kid":"one","typ":1}"#,
            #"{"alg":"HS256","kid":1}"#,
            #"{"alg":"HS256","kid":null}"#,
            #"{"alg":true,"kid":"one"}"#,
            #"{"alg":["HS256"],"kid":"one"}"#,
            #"{"kid":"one"}"#,
            #"{}"#,
            #"{"ALG":"HS256","kid":"one"}"#,
        ])
    func parameters(_ header: String) throws {
        #expect(try Forgery.refusal(of: Forgery.token(header: header)) == .badHeader)
    }

    @Test(
        "a parameter that stands twice is refused, even with the same value or by an escape",
        arguments: [
            #"{"alg":"none","alg":"HS256","kid":"one"}"#,
            #"{"alg":"HS256","alg":"HS256","kid":"one"}"#,
            #"{"alg":"HS256","kid":"two","kid":"one"}"#,
            #"{"alg":"HS256","\u0061lg":"HS256","kid":"one"}"#,
            #"{"alg":"HS256","kid":"one","typ":"JWT","typ":"JWT"}"#,
        ])
    func duplicates(_ header: String) throws {
        #expect(try Forgery.refusal(of: Forgery.token(header: header)) == .badHeader)
    }

    @Test(
        "a header is one JSON object",
        arguments: [
            "", "{", "null", "[]", "\"HS256\"", #"{"alg":"HS256","kid":"one"}{}"#,
            #"{"alg":"HS256","kid":"one"} x"#, #"{"alg":"HS256","kid":"one",}"#,
            #"{"alg":"HS256" "kid":"one"}"#, #"{,"alg":"HS256","kid":"one"}"#,
            #"{"alg":"HS256","kid":"one""#, #"{alg:"HS256","kid":"one"}"#,
            #"{'alg':'HS256','kid':'one'}"#, "\u{FEFF}{\"alg\":\"HS256\",\"kid\":\"one\"}",
            #"{"alg":"HS256","kid":"one"}/**/"#, "{\"alg\":\"HS256\",\"kid\":\"one\"}\0",
        ])
    func syntax(_ header: String) throws {
        #expect(try Forgery.refusal(of: Forgery.token(header: header)) == .badHeader)
    }

    @Test("the type of a token may be JWT or at+jwt in any case, or missing")
    func types() throws {
        for type in [#","typ":"JWT""#, #","typ":"jwt""#, #","typ":"at+jwt""#, ""] {
            let header = #"{"alg":"HS256","kid":"one"\#(type)}"#
            #expect(try Forgery.refusal(of: Forgery.token(header: header)) == nil)
        }
    }

    @Test("an algorithm is spelled as it is registered", arguments: ["hs256", "HS256 ", "HS512"])
    func spelling(_ name: String) throws {
        let header = #"{"alg":"\#(name)","kid":"one"}"#
        #expect(try Forgery.refusal(of: Forgery.token(header: header)) == .wrongAlgorithm)
    }

    @Test(
        "a key that nobody knows signs nothing",
        arguments: ["two", "", "ONE", "one\\u0000", "../one"])
    func unknown(_ kid: String) throws {
        let token = Forgery.token(header: #"{"alg":"HS256","kid":"\#(kid)"}"#)
        #expect([.unknownKey, .badHeader].contains(try Forgery.refusal(of: token)))
    }

    @Test("a token names its key unless there is only one")
    func missing() throws {
        let token = Forgery.token(header: #"{"alg":"HS256"}"#)
        let one = try Forgery.keys()
        #expect(try Forgery.refusal(of: token, by: one) == nil)
        let two = try one.rotated(to: .generate(.hs256), now: Forgery.now, overlapSeconds: 60)
        #expect(try Forgery.refusal(of: token, by: two) == .unknownKey)
    }
}
