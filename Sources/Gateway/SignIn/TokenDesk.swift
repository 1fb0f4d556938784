import FoundationEssentials
import Identity
import SQL
import Schemas
import Synchronization

/// Issues and proves the tokens of an app.
final class TokenDesk: Sendable {
    let auth: SignIn
    private let app: String
    private let keys: KeySet
    /// Sign-ins that were ended before their tokens expire, with the second they may be forgotten.
    private let ended = Mutex<[String: Int]>([:])
    private let proven = ProvenTokens()
    /// Whether the table of sign-ins is known to be there.
    private let isPrepared = Atomic(false)

    static let issuer = "stead"

    /// Doesn't throw: Swift 6.3's optimiser crashes on an object with an atomic that gives up.
    init(app: String, auth: SignIn, keys: KeySet) {
        self.app = app
        self.auth = auth
        self.keys = keys
    }

    /// Makes the table of sign-ins where it is missing, the first time that it is needed.
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
            return try keys.sign(claims)
        } catch {
            throw APIError(500, "internal", "something went wrong here", detail: "\(error)")
        }
    }

    /// Who a token says that one is.
    ///
    /// - Throws: 401 for a token that proves nothing.
    func caller(_ token: Substring, now: Int) throws(APIError) -> Caller {
        let bytes = Array(token.utf8)
        let known = proven.caller(bytes, now: now)
        let caller = if let known { known } else { try prove(bytes, now: now) }
        if let session = caller.session, ended.withLock({ $0[session] != nil }) {
            throw APIError(401, "token_revoked", "this sign-in has ended: sign in again")
        }
        return caller
    }

    private func prove(_ token: [UInt8], now: Int) throws(APIError) -> Caller {
        let expectation = expectation
        let claims: TokenClaims
        do throws(TokenError) {
            claims = try keys.verify(token, expecting: expectation, now: now)
        } catch {
            let isExpired = error == .expired
            throw APIError(
                401, isExpired ? "token_expired" : "invalid_token",
                isExpired ? "the token has expired: sign in again" : "the token is not valid",
                detail: "\(error)")
        }
        var caller = Caller(subject: claims.subject, role: claims.role ?? "default")
        caller.session = claims.session
        for (name, value) in claims.extra {
            caller.claims[name] =
                switch value {
                case .string(let text): .text(text)
                case .integer(let integer): .integer(integer)
                case .flag(let flag): SQLValue(flag)
                }
        }
        proven.keep(
            caller, for: token, now: now, end: claims.expiresAt + expectation.leewaySeconds)
        return caller
    }

    /// From now on no token of a sign-in is good.
    func end(_ session: String, now: Int) {
        ended.withLock { ended in
            ended = ended.filter { $0.value > now }
            ended[session] = now + auth.tokenTTLSeconds
        }
    }
}
