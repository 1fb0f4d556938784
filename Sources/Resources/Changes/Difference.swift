/// One way in which a host is not what it should be.
package struct Difference: Sendable, Equatable {
    /// The two sides.
    package enum Value: Sendable, Equatable {
        /// A short value, such as a mode; nil where there is none.
        case text(old: String?, new: String?)
        /// A file's content; nil where there is no file.
        case content(old: Content?, new: Content?)
    }

    /// What differs: `mode`, `content of /etc/motd`.
    package var subject: String
    package var value: Value
    /// Never shown, only counted: the value is a secret.
    package var isSensitive: Bool
    /// The same thing in other words (`root` and `0`): recorded, never a change.
    package var isNormalisation: Bool

    package init(
        _ subject: String, _ value: Value, isSensitive: Bool = false, isNormalisation: Bool = false
    ) {
        self.subject = subject
        self.value = value
        self.isSensitive = isSensitive
        self.isNormalisation = isNormalisation
    }
}
