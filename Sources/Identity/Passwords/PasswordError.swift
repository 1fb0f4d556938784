/// Why a password can't be hashed, or a hasher not be made.
package enum PasswordError: Error, Sendable, Hashable {
    case empty
    /// Over 72 bytes of UTF-8, the most that bcrypt reads.
    case tooLong
    /// Holds a NUL, at which bcrypt would stop reading.
    case holdsNUL
    /// A cost outside `PasswordHasher.costs`.
    case costOutOfRange(Int)
    /// libxcrypt refused, with the system's error number.
    case failed(errno: Int32)
}

extension PasswordError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "the password is empty"
        case .tooLong: "the password has more than \(PasswordHasher.maximumBytes) bytes"
        case .holdsNUL: "the password holds a NUL character"
        case .costOutOfRange(let cost):
            "the bcrypt cost \(cost) is not between \(PasswordHasher.costs.lowerBound) and "
                + "\(PasswordHasher.costs.upperBound)"
        case .failed(let errno): "libxcrypt could not hash the password (error \(errno))"
        }
    }
}
