internal import FoundationEssentials

extension KeySet {
    /// The set as a JSON Web Key Set with its private parts: for a file that nobody else may read.
    ///
    /// - Throws: when the library can't give out a key's numbers.
    package func text() throws(KeyError) -> String {
        try Self.text(of: storedKeys())
    }

    /// The public parts, for others to verify with: what `/.well-known/jwks.json` serves.
    ///
    /// HS256 keys, which have none, are not in it.
    package func publicText() throws(KeyError) -> String {
        try Self.text(of: storedKeys().compactMap(\.publicPart))
    }

    /// Reads what `text` wrote: the key without `exp` signs, each other is retired.
    package init(text: String) throws(KeyError) {
        guard text.utf8.count <= 1 << 18,
            let stored = try? JSONDecoder().decode(StoredKeySet.self, from: Data(text.utf8))
        else { throw .malformedSet }
        guard stored.keys.count <= Self.maximumKeys else { throw .tooManyKeys }
        var current: [SigningKey] = []
        var retired: [RetiredKey] = []
        for entry in stored.keys {
            let key = try entry.signingKey()
            if let end = entry.exp {
                retired.append(RetiredKey(key, acceptedUntil: end))
            } else {
                current.append(key)
            }
        }
        guard let first = current.first, current.count == 1 else { throw .noCurrentKey }
        try self.init(current: first, retired: retired)
    }

    private func storedKeys() throws(KeyError) -> [StoredKey] {
        var keys = [try StoredKey(current, acceptedUntil: nil)]
        for entry in retired {
            keys.append(try StoredKey(entry.key, acceptedUntil: entry.acceptedUntil))
        }
        return keys
    }

    private static func text(of keys: [StoredKey]) throws(KeyError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let json = try? encoder.encode(StoredKeySet(keys: keys)) else { throw .malformedSet }
        return String(decoding: json, as: UTF8.self) + "\n"
    }
}
