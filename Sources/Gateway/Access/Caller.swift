import SQL

/// Who asks.
struct Caller: Sendable {
    /// The key of one's row in the table of people, as the token has it; nil without a token.
    var subject: String?
    /// `anonymous` without a token, `default` for those of no other role.
    var role: String
    /// The token's sign-in, which can be ended.
    var session: String?
    var claims: [String: SQLValue] = [:]

    static let anonymous = Caller(subject: nil, role: "anonymous")

    var isSignedIn: Bool { subject != nil }
}
