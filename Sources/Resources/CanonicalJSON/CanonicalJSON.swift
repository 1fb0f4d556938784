import FoundationEssentials

/// One JSON text for one value: keys sorted, no white space, so that its digest identifies it.
///
/// Written by Stead itself: what is in force on a thousand hosts is compared by these digests, and
/// must not look changed because a library writes otherwise.
package enum CanonicalJSON {
    /// The value's text.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        var text: [UInt8] = []
        try JSONFragment(value).write(to: &text)
        return text
    }

    /// Reads what `encode` wrote; throws `DecodingError`.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws
        -> Value
    {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(type, from: Data(bytes))
    }
}
