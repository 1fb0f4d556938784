/// Takes a shell's text apart where the shell would do nothing but that.
enum ShellWords {
    /// The words; nil when the shell would do more: expand, redirect, join, assign.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case " ", "\t":
                if let whole = word { words.append(whole) }
                word = nil
            case "'":
                guard let end = scalars.firstIndex(of: "'") else { return nil }
                word = (word ?? "") + string(scalars[..<end])
                scalars = scalars[(end + 1)...]
            case "\"":
                guard let end = scalars.firstIndex(of: "\"") else { return nil }
                let inside = scalars[..<end]
                guard !inside.contains(where: { "$`\\".unicodeScalars.contains($0) }) else {
                    return nil
                }
                word = (word ?? "") + string(inside)
                scalars = scalars[(end + 1)...]
            case "\\":
                guard let next = scalars.popFirst(), next != "\n" else { return nil }
                word = (word ?? "") + String(next)
            case "=":
                // Before the first word is whole, this assigns a variable.
                guard !words.isEmpty else { return nil }
                word = (word ?? "") + "="
            default:
                guard isPlain(scalar) else { return nil }
                word = (word ?? "") + String(scalar)
            }
        }
        if let word { words.append(word) }
        guard let first = words.first, !first.isEmpty, !reserved.contains(first) else { return nil }
        return words
    }

    /// Words that are the shell's grammar where they stand first.
    private static let reserved: Set = [
        "!", "{", "}", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in",
        "then", "until", "while",
    ]

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", ":", ",", "@", "+", "%": true
        default: scalar.value >= 0x80
        }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }
}
