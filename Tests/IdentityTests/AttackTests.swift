import Crypto
import CryptoExtras
import FoundationEssentials
import Identity
import Testing

/// The attacks of RFC 8725, each of which would pass with a lenient reader.
@Suite("attacks on tokens")
struct AttackTests {
    @Test("the forger's own token is accepted, so that each refusal here has one cause")
    func control() throws {
        #expect(try Forgery.refusal(of: Forgery.token()) == nil)
    }

    @Test("no spelling of none is an algorithm", arguments: ["none", "None", "NONE", "nOnE", ""])
    func none(_ name: String) throws {
        let header = #"{"alg":"\#(name)","kid":"one"}"#
        let unsigned = Forgery.token(header: header)
        #expect(try Forgery.refusal(of: unsigned) == .wrongAlgorithm)
        let bare = unsigned.prefix(through: try #require(unsigned.lastIndex(of: ".")))
        #expect(try Forgery.refusal(of: String(bare)) == .wrongAlgorithm)
    }

    @Test("a token without a signature is refused, whatever its header")
    func unsigned() throws {
        let token = Forgery.token()
        let bare = token.prefix(through: try #require(token.lastIndex(of: ".")))
        #expect(try Forgery.refusal(of: String(bare)) == .badSignature)
        #expect(try Forgery.refusal(of: String(bare.dropLast())) == .malformed)
    }

    @Test("the public key of RSA is no secret of HMAC")
    func confusion() throws {
        let key = try SigningKey.generate(.rs256, kid: "rsa")
        let keys = try KeySet(current: key)
        let publicKey = try publicKey(of: keys)
        let spellings = [
            Array(publicKey.pemRepresentation.utf8),
            Array((publicKey.pemRepresentation + "\n").utf8),
            Array(publicKey.derRepresentation), Array(publicKey.pkcs1DERRepresentation),
        ]
        for secret in spellings {
            let token = Forgery.token(header: #"{"alg":"HS256","kid":"rsa"}"#, secret: secret)
            #expect(try Forgery.refusal(of: token, by: keys) == .wrongAlgorithm)
            let claimed = Forgery.token(header: #"{"alg":"RS256","kid":"rsa"}"#, secret: secret)
            #expect(try Forgery.refusal(of: claimed, by: keys) == .badSignature)
        }
    }

    @Test(
        "a key signs by its own algorithm alone",
        arguments: SigningAlgorithm.allCases, SigningAlgorithm.allCases)
    func swaps(_ own: SigningAlgorithm, _ said: SigningAlgorithm) throws {
        guard own != said else { return }
        let keys = try KeySet(current: .generate(own, kid: "one"))
        let parts = try keys.sign(Forgery.claims).split(separator: ".")
        let header = Base64URL.encode(Array(#"{"alg":"\#(said.rawValue)","kid":"one"}"#.utf8))
        let token = "\(header).\(parts[1]).\(parts[2])"
        #expect(try Forgery.refusal(of: token, by: keys) == .wrongAlgorithm)
    }

    @Test(
        "a key of the same name in another set signs nothing here",
        arguments: SigningAlgorithm.allCases)
    func otherKey(_ algorithm: SigningAlgorithm) throws {
        let ours = try KeySet(current: .generate(algorithm, kid: "one"))
        let theirs = try KeySet(current: .generate(algorithm, kid: "one"))
        let token = try theirs.sign(Forgery.claims)
        #expect(try Forgery.refusal(of: token, by: ours) == .badSignature)
    }

    @Test("each changed byte of a signature breaks it", arguments: SigningAlgorithm.allCases)
    func changedSignature(_ algorithm: SigningAlgorithm) throws {
        let keys = try KeySet(current: .generate(algorithm, kid: "one"))
        let token = try keys.sign(Forgery.claims)
        let dot = try #require(token.lastIndex(of: "."))
        let signature = try #require(Base64URL.decode(String(token[dot...].dropFirst())))
        var changed = signature.indices.map { index in
            var copy = signature
            copy[index] ^= 1
            return copy
        }
        changed += [
            Array(signature.dropLast()), signature + [0], [0] + signature, [],
            [UInt8](repeating: 0, count: signature.count),
        ]
        for bytes in changed {
            let forged = token[...dot] + Base64URL.encode(bytes)
            #expect(try Forgery.refusal(of: String(forged), by: keys) == .badSignature)
        }
    }

    @Test("a token is exactly three parts in base64url")
    func shape() throws {
        let token = Forgery.token()
        let parts = token.split(separator: ".").map(String.init)
        let spellings = [
            "", ".", "..", "...", parts[0], parts[0] + "." + parts[1], token + ".", "." + token,
            token + "." + parts[2], " " + token, token + " ", token + "\n", token + "\0",
            parts[0] + ". " + parts[1] + "." + parts[2], token + "=", token + "A", token + "AAAA",
            "Bearer " + token, token + "é", token.replacing(".", with: ".."),
            parts[0] + "=." + parts[1] + "." + parts[2],
        ]
        for text in spellings {
            #expect(try Forgery.refusal(of: text) != nil, "\(text)")
        }
        // Signed over those very bytes: only the spelling of the payload is wrong.
        for payload in [parts[1] + "=", parts[1] + " ", parts[1] + "\n", parts[1] + "+"] {
            let signed = parts[0] + "." + payload
            let forged = signed + "." + Forgery.signature(of: signed)
            #expect(try Forgery.refusal(of: forged) == .malformed)
        }
    }

    @Test("a second spelling of the same signature is refused")
    func spareBits() throws {
        let token = Forgery.token()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = try #require(token.last)
        let value = try #require(alphabet.firstIndex(of: last))
        // 32 bytes leave two bits of the last digit over.
        for spare in 1...3 {
            let other = String(token.dropLast()) + String(alphabet[value | spare])
            #expect(try Forgery.refusal(of: other) == .malformed)
        }
    }

    @Test("a huge token is refused before it is read")
    func huge() throws {
        let long = String(repeating: "A", count: KeySet.maximumTokenBytes)
        #expect(try Forgery.refusal(of: long + "A") == .tooLong)
        #expect(try Forgery.refusal(of: Forgery.token() + "." + long) == .tooLong)
        #expect(try Forgery.refusal(of: long) == .malformed)
    }

    /// The first key's public half, as anybody can fetch it.
    private func publicKey(of keys: KeySet) throws -> _RSA.Signing.PublicKey {
        struct Published: Decodable { var keys: [[String: String]] }
        let published = try JSONDecoder().decode(
            Published.self, from: Data(keys.publicText().utf8))
        let first = try #require(published.keys.first)
        let modulus = try #require(Base64URL.decode(first["n"] ?? ""))
        let exponent = try #require(Base64URL.decode(first["e"] ?? ""))
        return try _RSA.Signing.PublicKey(n: modulus, e: exponent)
    }
}
