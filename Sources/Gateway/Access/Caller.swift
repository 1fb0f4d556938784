import SQL

/// Who asks.
///
/// A class for the same reason as `ServedTable`.
final class Caller: Sendable {
    /// The key of one's row in the table of people, as the token has it; nil without a token.
    let subject: String?
    /// `anonymous` without a token, `default` for those of no other role.
    let role: String
    /// The token's sign-in, which can be ended.
    let session: String?
    let claims: [String: SQLValue]

    init(
        subject: String?, role: String, session: String? = nil, claims: [String: SQLValue] = [:]
    ) {
        self.subject = subject
        self.role = role
        self.session = session
        self.claims = claims
    }

    static let anonymous = Caller(subject: nil, role: "anonymous")

    var isSignedIn: Bool { subject != nil }
}
