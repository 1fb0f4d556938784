/// A regular file as it should be on a host.
package struct FileTarget: Sendable, Equatable, Codable {
    /// Absolute.
    package var path: String
    package var content: Content
    /// A name or a number; nil leaves it to the user that Stead is on the host.
    package var owner: String?
    /// A name or a number; nil leaves it to the user that Stead is on the host.
    package var group: String?
    /// Permission bits with set-id and sticky: `0o644`.
    package var mode: UInt16
    /// The content is a secret: never shown, only counted.
    package var isSensitive: Bool

    package init(
        path: String, content: Content, owner: String?, group: String?, mode: UInt16 = 0o644,
        isSensitive: Bool = false
    ) {
        self.path = path
        self.content = content
        self.owner = owner
        self.group = group
        self.mode = mode
        self.isSensitive = isSensitive
    }

    /// What to look at to tell whether it is so.
    package var look: Look { .file(path: path, expected: content.digest) }

    /// What would make it so from `seen`; empty when it is so.
    package func differences(from seen: PathState?) -> [Difference] {
        guard let seen else { return creation }
        guard seen.sort == .file else {
            return [
                Difference(
                    "type of \(path)", .text(old: seen.words, new: PathState.Sort.file.words)),
                contentDifference(from: nil),
            ]
        }
        var differences: [Difference] = []
        if seen.content != content { differences.append(contentDifference(from: seen.content)) }
        guard let status = seen.status else { return differences }
        differences += Self.account(
            "owner of \(path)", seen: status.owner, number: status.userID, wanted: owner)
        differences += Self.account(
            "group of \(path)", seen: status.group, number: status.groupID, wanted: group)
        if status.mode != mode {
            differences.append(
                Difference(
                    "mode of \(path)",
                    .text(old: Self.octal(status.mode), new: Self.octal(mode))))
        }
        return differences
    }

    private var creation: [Difference] {
        var differences = [contentDifference(from: nil)]
        if let owner {
            differences.append(Difference("owner of \(path)", .text(old: nil, new: owner)))
        }
        if let group {
            differences.append(Difference("group of \(path)", .text(old: nil, new: group)))
        }
        differences.append(
            Difference("mode of \(path)", .text(old: nil, new: Self.octal(mode))))
        return differences
    }

    private func contentDifference(from old: Content?) -> Difference {
        Difference(
            "content of \(path)", .content(old: old, new: content), isSensitive: isSensitive)
    }

    /// `root` and `0` are the same user in other words.
    private static func account(
        _ subject: String, seen: String, number: Int, wanted: String?
    ) -> [Difference] {
        guard let wanted, wanted != seen else { return [] }
        let isSame = Int(wanted) == number || (wanted == "root" && number == 0)
        return [Difference(subject, .text(old: seen, new: wanted), isNormalisation: isSame)]
    }

    /// `0644`.
    package static func octal(_ mode: UInt16) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
