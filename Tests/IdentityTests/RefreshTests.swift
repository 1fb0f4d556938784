import Identity
import Testing

@Suite("refresh tokens")
struct RefreshTests {
    let tokens = RefreshTokens(lifetimeSeconds: 100, familyLifetimeSeconds: 250)

    @Test("a token is exchanged once, for one of the same family")
    func rotation() {
        let (first, record) = tokens.begin(now: 1000)
        #expect(tokens.judge(presented: first, record: record, now: 1099) == .rotate)
        let (second, next) = tokens.next(after: record, now: 1090)
        #expect(next.family == record.family && next.digest != record.digest && second != first)
        #expect(tokens.judge(presented: second, record: next, now: 1189) == .rotate)
        #expect(tokens.judge(presented: second, record: next, now: 1190) == .expired)
    }

    @Test("a token that comes back after its exchange betrays a theft, even when it has expired")
    func reuse() {
        let (token, issued) = tokens.begin(now: 1000)
        var record = issued
        record.rotatedAt = 1010
        #expect(tokens.judge(presented: token, record: record, now: 1011) == .reuseDetected)
        #expect(tokens.judge(presented: token, record: record, now: 9999) == .reuseDetected)
    }

    @Test("a family ends, however often its tokens are exchanged")
    func family() {
        let (_, first) = tokens.begin(now: 1000)
        let (token, last) = tokens.next(after: first, now: 1200)
        #expect(last.expiresAt == 1250 && last.familyExpiresAt == 1250)
        #expect(tokens.judge(presented: token, record: last, now: 1249) == .rotate)
        #expect(tokens.judge(presented: token, record: last, now: 1250) == .expired)
        #expect(tokens.begin(now: 1000).record.family != first.family)
    }

    @Test("a token without a record, of another one or of a revoked family is unknown")
    func unknown() {
        let (token, issued) = tokens.begin(now: 1000)
        var record = issued
        let (other, _) = tokens.begin(now: 1000)
        #expect(tokens.judge(presented: token, record: nil, now: 1001) == .unknown)
        #expect(tokens.judge(presented: other, record: record, now: 1001) == .unknown)
        for text in ["", token + "=", token + " ", String(token.dropLast()), record.digest] {
            #expect(tokens.judge(presented: text, record: record, now: 1001) == .unknown)
            #expect(RefreshTokens.digest(of: text) == nil)
        }
        record.isRevoked = true
        #expect(tokens.judge(presented: token, record: record, now: 1001) == .unknown)
    }

    @Test("what is stored is the SHA-256 of the text")
    func digest() {
        // printf %s AAA…A | sha256sum
        let token = String(repeating: "A", count: 43)
        #expect(
            RefreshTokens.digest(of: token)
                == "0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a")
        let (issued, record) = tokens.begin(now: 0)
        #expect(RefreshTokens.digest(of: issued) == record.digest)
        #expect(issued.utf8.count == 43)
    }
}
