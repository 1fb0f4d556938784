/// The parts of a token in the compact serialisation (RFC 7515, section 7.1), still in base64url.
struct CompactToken {
    let header: ArraySlice<UInt8>
    let payload: ArraySlice<UInt8>
    let signature: ArraySlice<UInt8>
    /// What the signature is of: the header, a dot and the payload.
    let signed: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) throws(TokenError) {
        let dot = UInt8(ascii: ".")
        guard let first = bytes.firstIndex(of: dot),
            let second = bytes[(first + 1)...].firstIndex(of: dot),
            !bytes[(second + 1)...].contains(dot)
        else { throw .malformed }
        header = bytes[..<first]
        payload = bytes[(first + 1)..<second]
        signature = bytes[(second + 1)...]
        signed = bytes[..<second]
    }
}
