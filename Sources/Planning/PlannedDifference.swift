package import Resources

/// One way in which a host is not what git wants, fit to be shown and kept: without secrets.
package struct PlannedDifference: Sendable, Equatable, Codable {
    /// What differs: `mode`, `content of /etc/motd`.
    package let subject: String
    /// Whether the value is a declared secret, of which nothing is kept.
    package let isSensitive: Bool
    /// A short value; nil where there is none, and for a content.
    package let old: String?
    package let new: String?
    package let content: PlannedContent?

    /// Stands in place of a value that is a declared secret.
    package static let sensitiveMark = "(sensitive)"
    /// Follows a value that is redacted on both sides, and not the same.
    package static let changedMark = " (changed)"

    package init(_ difference: Difference) {
        subject = difference.subject
        isSensitive = difference.isSensitive
        switch difference.value {
        case .content(let old, let new):
            (self.old, self.new) = (nil, nil)
            content = PlannedContent(old: old, new: new, isSensitive: isSensitive)
        case .text(let old, let new):
            content = nil
            if isSensitive {
                self.old = old.map { _ in Self.sensitiveMark }
                self.new = new.map { _ in Self.sensitiveMark }
                return
            }
            // Redacted with its subject, which is often the name that tells.
            let shown = [old, new].map { $0.map { Self.redacted($0, subject: difference.subject) } }
            let isSame = shown[0] != nil && shown[0] == shown[1] && old != new
            self.old = shown[0]
            self.new = shown[1].map { isSame ? $0 + Self.changedMark : $0 }
        }
    }

    private static func redacted(_ value: String, subject: String) -> String {
        let isTelling = Redactor.redacted("\(subject): x") != "\(subject): x"
        return isTelling ? Redactor.mark : Redactor.redacted(value)
    }
}
