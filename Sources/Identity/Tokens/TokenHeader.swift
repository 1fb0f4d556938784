/// A token's header (RFC 7515, section 4): which key is said to have signed it, and how.
///
/// Only `alg`, `kid` and `typ` are known. Any other parameter is refused: tokens come from a key
/// set of ours, and `crit`, `jwk`, `jku`, `x5c`, `x5u`, `b64`, `zip` or `cty` in one only serve an
/// attack (RFC 8725, section 3).
struct TokenHeader {
    let algorithm: String
    let kid: String?

    init(_ part: ArraySlice<UInt8>) throws(TokenError) {
        guard let json = Base64URL.decode(part) else { throw .malformed }
        guard let (algorithm, kid) = try? Self.read(json) else { throw .badHeader }
        self.algorithm = algorithm
        self.kid = kid
    }

    private static func read(
        _ json: [UInt8]
    ) throws(FlatJSONReader.Refusal) -> (algorithm: String, kid: String?) {
        var reader = try FlatJSONReader(json)
        var (algorithm, kid, type): (String?, String?, String?)
        while let (name, value) = try reader.next() {
            guard case .string(let text) = value else { throw FlatJSONReader.Refusal() }
            switch name {
            case "alg" where algorithm == nil: algorithm = text
            case "kid" where kid == nil: kid = text
            case "typ" where type == nil: type = text
            default: throw FlatJSONReader.Refusal()
            }
        }
        // A media type, so case says nothing (RFC 7515, section 4.1.9; RFC 9068, section 2.1).
        let isTyped = type.map { ["jwt", "at+jwt"].contains($0.lowercased()) } ?? true
        guard let algorithm, isTyped else { throw FlatJSONReader.Refusal() }
        return (algorithm, kid)
    }
}
