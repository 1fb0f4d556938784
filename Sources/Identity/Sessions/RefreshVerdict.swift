/// What to do with a refresh token that was presented.
package enum RefreshVerdict: Sendable, Hashable {
    /// Store that it is rotated *where it is not yet*, and give out the next of its family. Should
    /// that change no row, another was quicker: it is `reuseDetected`.
    case rotate
    /// It was exchanged before, so it is known to two parties: revoke its family (RFC 9700,
    /// section 4.14.2).
    case reuseDetected
    case expired
    /// No such token, or its family was revoked.
    case unknown
}
