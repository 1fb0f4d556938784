/// A line that git gives to a repository's hooks: what a push does to a branch or a tag.
///
/// Source: githooks(5), `pre-receive`.
struct PushedReference {
    /// Nil for one that is new.
    let old: String?
    /// Nil for one that is deleted.
    let new: String?
    /// `refs/heads/main`.
    let name: String

    /// Nil for a line of another form.
    init?(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3, words[0].allSatisfy(\.isHexDigit),
            words[1].allSatisfy(\.isHexDigit)
        else { return nil }
        old = words[0].allSatisfy { $0 == "0" } ? nil : words[0]
        new = words[1].allSatisfy { $0 == "0" } ? nil : words[1]
        name = words[2]
    }

    /// Those of standard input.
    static func all() -> [PushedReference] {
        var result: [PushedReference] = []
        while let line = readLine() { PushedReference(line).map { result.append($0) } }
        return result
    }

    /// The branch's name; nil for a tag and the like.
    var branch: String? {
        name.hasPrefix("refs/heads/") ? String(name.dropFirst("refs/heads/".count)) : nil
    }
}
