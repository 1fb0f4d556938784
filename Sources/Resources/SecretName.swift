/// A name after which a secret stands, such as `DB_PASSWORD` or `--api-key`.
struct SecretName: Equatable {
    /// Too short a word to go by alone: only `pass=` or `pass:` counts, as `proxy_pass` is a word
    /// of nginx.
    var needsSign: Bool

    /// Nil when the name does not tell of a secret.
    ///
    /// - Parameter name: letters, digits, `_` and `-`.
    init?(_ name: ArraySlice<UInt8>) {
        if Self.end(of: "nopasswd", at: name.startIndex, in: name) == name.endIndex { return nil }
        for start in name.indices {
            for word in Self.words[name[start].lowercased] {
                guard let end = Self.end(of: word, at: start, in: name) else { continue }
                if Self.isAbout(name[end...]) { return nil }
                needsSign = false
                return
            }
            for word in Self.endings[name[start].lowercased]
            where Self.end(of: word, at: start, in: name) == name.endIndex {
                needsSign = true
                return
            }
        }
        return nil
    }

    private static let words = WordTable([
        "password", "passwd", "passphrase", "secret", "token", "apikey", "privatekey",
        "presharedkey", "accesskey", "encryptionkey", "signingkey", "credential", "authorization",
        "requirepass", "masterauth",
    ])

    private static let endings = WordTable(["pass", "pwd", "psk"])

    /// Whether the rest of the name says that the value is something about the secret: where it
    /// lies, how long it lives.
    private static func isAbout(_ rest: ArraySlice<UInt8>) -> Bool {
        let words: [StaticString] = ["file", "files", "path", "directory", "ttl"]
        return words.contains { end(of: $0, at: rest.startIndex, in: rest) == rest.endIndex }
    }

    /// Where `word` ends when it starts at `start`, case, `_` and `-` apart.
    private static func end(
        of word: StaticString, at start: Int, in name: ArraySlice<UInt8>
    ) -> Int? {
        word.withUTF8Buffer { letters in
            var index = start
            for letter in letters {
                while index < name.endIndex, !name[index].isLetter, !name[index].isDigit {
                    index += 1
                }
                guard index < name.endIndex, name[index].lowercased == letter else { return nil }
                index += 1
            }
            return index
        }
    }
}
