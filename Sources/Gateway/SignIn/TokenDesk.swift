import FoundationEssentials
import Identity
import SQL
import Schemas
import Synchronization

/// Issues and proves the tokens of an app.
final class TokenDesk: Sendable {
    let auth: SignIn
    /// How often may be tried to sign in.
    let limiter: SignInLimiter
    private let app: String
    private let keys: KeyFile
    private let ends = SessionEnds()
    private let proven = ProvenTokens()
    /// Whether the tables of sign-ins are known to be there.
    private let isPrepared = Atomic(false)

    static let issuer = "stead"

    /// Doesn't throw: Swift 6.3's optimiser crashes on an object with an atomic that gives up.
    init(app: String, auth: SignIn, keys: KeyFile, limiter: SignInLimiter) {
        self.app = app
        self.auth = auth
        self.limiter = limiter
        self.keys = keys
    }

    /// Makes the tables of sign-ins where they are missing, the first time that they are needed.
    func prepare(_ app: ServedApp) async throws(APIError) {
        guard !isPrepared.load(ordering: .acquiring) else { return }
        _ = try await app.backend.write(PrepareSessions(app: app))
        isPrepared.store(true, ordering: .releasing)
    }

    private var expectation: TokenExpectation {
        TokenExpectation(issuer: Self.issuer, audience: app)
    }

    /// A token for a person.
    ///
    /// - Parameters:
    ///   - subject: the person's key.
    ///   - role: the person's role.
    ///   - session: the sign-in that it belongs to.
    ///   - now: seconds since 1970.
    /// - Returns: the token's text.
    /// - Throws: 500, when it can't be signed.
    func token(subject: String, role: String?, session: String, now: Int) throws(APIError)
        -> String
    {
        let claims = TokenClaims(
            issuer: Self.issuer, audience: app, subject: subject,
            expiresAt: now + auth.tokenTTLSeconds, notBefore: now, issuedAt: now,
            id: RandomBytes.token(bytes: 12), role: role, session: session)
        do throws(SigningError) {
            return try keys.current.sign(claims)
        } catch {
            throw APIError(500, "internal", "something went wrong here", detail: "\(error)")
        }
    }

    /// Who a token says that one is.
    ///
    /// - Parameters:
    ///   - token: as it was sent.
    ///   - now: seconds since 1970.
    /// - Returns: that, to be admitted; and what must be read before, which for most is nothing.
    /// - Throws: 401 for a token that proves nothing.
    func caller(_ token: Substring, now: Int) throws(APIError)
        -> (caller: Caller, reading: SessionEnds.Reading?)
    {
        let bytes = Array(token.utf8)
        let known = proven.caller(bytes, now: now)
        let caller = if let known { known } else { try prove(bytes, now: now) }
        guard caller.session != nil else { return (caller, nil) }
        return (caller, ends.reading(now: now, keep: Self.endSeconds(auth)))
    }

    /// Reads which sign-ins have ended, maybe on other gateways.
    func read(_ reading: SessionEnds.Reading, of app: ServedApp) async throws(APIError) {
        do throws(APIError) {
            let found = try await app.backend.read(FindEnds(app: app, since: reading.since))
            ends.take(found, of: reading, keep: Self.endSeconds(auth))
        } catch {
            ends.giveUp(reading)
            if reading.isNeeded { throw error }
        }
    }

    /// - Throws: 401 for one whose sign-in has ended.
    func admit(_ caller: Caller) throws(APIError) {
        guard let session = caller.session, ends.contains(session) else { return }
        throw APIError(401, "token_revoked", "this sign-in has ended: sign in again")
    }

    /// For how many seconds it matters that a sign-in has ended: as long as a token that was made
    /// just then is good, and a minute for a refresh that was under way.
    static func endSeconds(_ auth: SignIn) -> Int {
        auth.tokenTTLSeconds + TokenExpectation(issuer: "", audience: "").leewaySeconds + 60
    }

    /// Takes the keys as their file has them now; tells what went wrong, once.
    func refreshKeys() -> KeyFile.Change {
        let change = keys.refresh()
        // What an old key had proven is to be proven anew.
        if case .renewed = change { proven.forget() }
        return change
    }

    private func prove(_ token: [UInt8], now: Int) throws(APIError) -> Caller {
        let claims: TokenClaims
        do throws(TokenError) {
            claims = try verify(token, now: now)
        } catch {
            let isExpired = error == .expired
            throw APIError(
                401, isExpired ? "token_expired" : "invalid_token",
                isExpired ? "the token has expired: sign in again" : "the token is not valid",
                detail: "\(error)")
        }
        let caller = Caller(
            subject: claims.subject, role: claims.role ?? "default", session: claims.session,
            claims: claims.extra.mapValues { value in
                switch value {
                case .string(let text): .text(text)
                case .integer(let integer): .integer(integer)
                case .flag(let flag): SQLValue(flag)
                }
            })
        proven.keep(caller, for: token, now: now, end: end(of: claims))
        return caller
    }

    private func verify(_ token: [UInt8], now: Int) throws(TokenError) -> TokenClaims {
        let claims: TokenClaims
        do throws(TokenError) {
            claims = try keys.current.verify(token, expecting: expectation, now: now)
        } catch {
            // Another gateway may sign by a new key before this one has looked for it.
            guard error == .unknownKey, case .renewed = refreshKeys() else { throw error }
            claims = try keys.current.verify(token, expecting: expectation, now: now)
        }
        guard now < end(of: claims) else { throw .expired }
        return claims
    }

    /// The second from which a token is refused: a lifetime that was made shorter holds for tokens
    /// that are out already, so that no end of a sign-in is forgotten before its tokens.
    private func end(of claims: TokenClaims) -> Int {
        let issued = claims.issuedAt.map { $0 + auth.tokenTTLSeconds } ?? claims.expiresAt
        return min(claims.expiresAt, issued) + expectation.leewaySeconds
    }

    /// From now on no token of a sign-in is good.
    func end(_ session: String, now: Int) {
        ends.add(session, now: now)
    }
}
