import Crypto
import FoundationEssentials
import HTTPTypes

/// How a delivery says that it comes from somebody who knows the secret.
///
/// Sources: GitHub, "Validating webhook deliveries"; Gitea and Forgejo, "Webhooks"; GitLab,
/// "Webhooks", section "Signing tokens"; the Standard Webhooks specification 1.0.
enum WebhookSignature {
    /// An HMAC-SHA256 of the body under the secret's text.
    case body(code: [UInt8])
    /// The secret itself.
    case token(String)
    /// An HMAC-SHA256 of id, time and body under the secret's bytes; one of the codes counts.
    case standard(id: String, time: String, codes: [[UInt8]])

    /// What the headers carry; of several, the one that proves most. Nil for nothing known.
    init?(_ headers: HTTPFields) {
        if let signatures = headers[.webhookSignature], let id = headers[.webhookID],
            let time = headers[.webhookTimestamp]
        {
            let codes = signatures.split(separator: " ").compactMap { signature -> [UInt8]? in
                guard signature.hasPrefix("v1,") else { return nil }
                return Data(base64Encoded: String(signature.dropFirst(3))).map { Array($0) }
            }
            self = .standard(id: id, time: time, codes: codes)
        } else if let signature = headers[.hubSignature] {
            guard signature.hasPrefix("sha256="), let code = Self.bytes(signature.dropFirst(7))
            else { return nil }
            self = .body(code: code)
        } else if let signature = headers[.forgejoSignature] ?? headers[.giteaSignature] {
            guard let code = Self.bytes(signature[...]) else { return nil }
            self = .body(code: code)
        } else if let token = headers[.gitlabToken] {
            self = .token(token)
        } else {
            return nil
        }
    }

    /// Whether it is the secret's, of these bytes, and made within five minutes of `now` (seconds
    /// since 1970) if it says when. The time taken says nothing about the secret.
    func isValid(_ secret: WebhookSecret, body: [UInt8], now: Int) -> Bool {
        switch self {
        case .body(let code):
            return HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: body, using: SymmetricKey(data: Data(secret.text.utf8)))
        case .token(let token):
            return SHA256.hash(data: Data(token.utf8)) == SHA256.hash(data: Data(secret.text.utf8))
        case .standard(let id, let time, let codes):
            guard let seconds = Int(time), (now - 300...now + 300).contains(seconds) else {
                return false
            }
            let message = Array("\(id).\(time).".utf8) + body
            let key = SymmetricKey(data: secret.bytes)
            return codes.contains {
                HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: message, using: key)
            }
        }
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        let digits = Array(digits.utf8)
        guard digits.count == 2 * SHA256.byteCount else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Character(UnicodeScalar(digits[index])).hexDigitValue,
                let low = Character(UnicodeScalar(digits[index + 1])).hexDigitValue
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}

extension HTTPField.Name {
    static let hubSignature = Self(constant: "x-hub-signature-256")
    static let giteaSignature = Self(constant: "x-gitea-signature")
    static let forgejoSignature = Self(constant: "x-forgejo-signature")
    static let gitlabToken = Self(constant: "x-gitlab-token")
    static let webhookID = Self(constant: "webhook-id")
    static let webhookTimestamp = Self(constant: "webhook-timestamp")
    static let webhookSignature = Self(constant: "webhook-signature")

    private init(constant name: String) {
        guard let known = HTTPField.Name(name) else { preconditionFailure("\(name) is no token") }
        self = known
    }
}
