internal import Crypto
internal import FoundationEssentials

/// Issues refresh tokens, opaque and of 256 random bits, and judges those that come back.
///
/// It stores nothing: the caller keeps the records, and looks them up by `digest(of:)`.
package struct RefreshTokens: Sendable, Hashable {
    /// How long a token that is not used is good.
    package var lifetimeSeconds: Int
    /// How long after the sign-in its last token is good, however often it is rotated.
    package var familyLifetimeSeconds: Int

    package init(lifetimeSeconds: Int = 30 * 86_400, familyLifetimeSeconds: Int = 180 * 86_400) {
        self.lifetimeSeconds = lifetimeSeconds
        self.familyLifetimeSeconds = familyLifetimeSeconds
    }

    /// The first token of a new family, for somebody who has just signed in, and what to store.
    package func begin(now: Int) -> (token: String, record: RefreshRecord) {
        issue(
            family: RandomBytes.token(bytes: 16), familyExpiresAt: now + familyLifetimeSeconds,
            now: now)
    }

    /// The token that takes the place of a recorded one, in its family, and what to store.
    package func next(
        after record: RefreshRecord, now: Int
    ) -> (token: String, record: RefreshRecord) {
        issue(family: record.family, familyExpiresAt: record.familyExpiresAt, now: now)
    }

    /// The digest under which a token is stored; nil for text that is no refresh token.
    package static func digest(of token: String) -> String? {
        guard token.utf8.count == 43, Base64URL.decode(token) != nil else { return nil }
        return SHA256.hash(data: Array(token.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// What to do with a token, given the record that its digest found, if it found one.
    package func judge(presented: String, record: RefreshRecord?, now: Int) -> RefreshVerdict {
        guard let record, let digest = Self.digest(of: presented),
            ConstantTime.equal(digest, record.digest), !record.isRevoked
        else { return .unknown }
        // Even long after: a token of the family that came of the theft may still be good.
        guard record.rotatedAt == nil else { return .reuseDetected }
        guard now < min(record.expiresAt, record.familyExpiresAt) else { return .expired }
        return .rotate
    }

    private func issue(
        family: String, familyExpiresAt: Int, now: Int
    ) -> (token: String, record: RefreshRecord) {
        let token = RandomBytes.token(bytes: 32)
        let record = RefreshRecord(
            // 32 bytes are always 43 characters, so this is never nil.
            digest: Self.digest(of: token) ?? "", family: family,
            expiresAt: min(now + lifetimeSeconds, familyExpiresAt),
            familyExpiresAt: familyExpiresAt)
        return (token, record)
    }
}
