internal import Crypto
internal import Diagnostics
internal import FoundationEssentials
internal import Secrets

/// What a receiver knows a message by: its id, when it was sent, and who sent it.
///
/// Source: standardwebhooks.com, version 1: HMAC-SHA256 over `ID.TIMESTAMP.BODY`, in base64.
struct Signature {
    let id: String
    /// Seconds since 1970.
    let timestamp: Int
    /// Nil for a message that is not signed.
    let secretFile: String?

    /// The lines to send along.
    ///
    /// - Throws: `stalled` when the secret can't be read.
    func headers(of body: [UInt8]) throws(Failure) -> [String] {
        var lines = ["webhook-id: \(id)", "webhook-timestamp: \(timestamp)"]
        if let secretFile {
            let signed = Array("\(id).\(timestamp).".utf8) + body
            let code = HMAC<SHA256>.authenticationCode(
                for: signed, using: Self.key(try SecretFile(secretFile).line()))
            lines.append("webhook-signature: v1,\(Data(code).base64EncodedString())")
        }
        return lines
    }

    /// A secret that begins with `whsec_` is base64 from there on; any other is taken as it is.
    private static func key(_ secret: String) -> SymmetricKey {
        let mark = "whsec_"
        if secret.hasPrefix(mark),
            let data = Data(base64Encoded: String(secret.dropFirst(mark.count)))
        {
            return SymmetricKey(data: data)
        }
        return SymmetricKey(data: Array(secret.utf8))
    }
}
