import Diagnostics
import FoundationEssentials
import Glibc

/// A private key read from a file, after the checks that OpenSSH makes too.
struct PrivateKeyFile {
    let contents: [UInt8]

    /// No key is larger.
    private static let sizeLimit = 64 << 10

    /// - Throws: `stalled` when the file can't be read, others could read it, or this client can't
    ///   use the key in it.
    init(path: String) throws(Failure) {
        let path = Self.expanded(path)
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard number >= 0 else {
            throw .stalled(.init("cannot read the key \(path): \(SystemError.current)"))
        }
        let descriptor = Descriptor(owning: number)
        try Self.checkOwnership(of: descriptor, path)
        contents = try Self.read(descriptor, path)
        try Self.checkKind(contents, path)
    }

    /// `~/` stands for the home folder, as in ssh's own configuration.
    private static func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
        return String(cString: home) + path.dropFirst()
    }

    private static func checkOwnership(of file: Descriptor, _ path: String) throws(Failure) {
        var status = stat()
        guard fstat(file.number, &status) == 0 else {
            throw .stalled(.init("cannot look at the key \(path): \(SystemError.current)"))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .stalled(.init("the key \(path) is not a regular file"))
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .stalled(
                .init(
                    "the key \(path) belongs to another user (number \(status.st_uid))",
                    fix: "chown \(geteuid()) \(path)"))
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o7777, radix: 8)
            throw .stalled(
                .init(
                    "the key \(path) has mode 0\(mode): others may read or change it",
                    fix: "chmod 600 \(path)"))
        }
    }

    private static func read(_ file: Descriptor, _ path: String) throws(Failure) -> [UInt8] {
        var contents: [UInt8] = []
        while contents.count <= sizeLimit {
            guard let bytes = file.read(limit: sizeLimit) else {
                throw .stalled(.init("cannot read the key \(path): \(SystemError.current)"))
            }
            if bytes.isEmpty { return contents }
            contents += bytes
        }
        throw .stalled(.init("\(path) is too large for a private key"))
    }

    /// Says early and clearly what libssh2 would only fail at.
    private static func checkKind(_ contents: [UInt8], _ path: String) throws(Failure) {
        switch kind(of: String(decoding: contents, as: UTF8.self)) {
        case .usable: return
        case .encrypted:
            throw .stalled(
                .init(
                    "the key \(path) has a passphrase",
                    fix: "load it with `ssh-add \(path)` and leave `identityFile` out, so that "
                        + "the ssh-agent is asked; or make a key without passphrase"))
        case .rsa:
            throw .stalled(
                .init(
                    "the key \(path) is an RSA key, which libssh2 1.10 can't use: it signs with "
                        + "SHA-1, and today's sshd refuses that",
                    fix: "make an ed25519 key (`ssh-keygen -t ed25519`) or an ECDSA one"))
        case .unsupported(let type):
            throw .stalled(
                .init(
                    "the key \(path) has the type \(type), which libssh2 1.10 can't use",
                    fix: "make an ed25519 key (`ssh-keygen -t ed25519`) or an ECDSA one"))
        case .publicKey:
            throw .stalled(
                .init("\(path) holds a public key", fix: "name the private one, without `.pub`"))
        case .unknown:
            throw .stalled(
                .init(
                    "\(path) holds no private key in OpenSSH's format or PEM",
                    fix: "make one with `ssh-keygen -t ed25519`"))
        }
    }
}

// MARK: - What kind of key it is

extension PrivateKeyFile {
    private enum Kind {
        case usable
        case encrypted
        case rsa
        case unsupported(String)
        case publicKey
        case unknown
    }

    private static func kind(of text: String) -> Kind {
        let lines = text.split(whereSeparator: \.isNewline)
        let labels = lines.filter {
            $0.hasPrefix("-----BEGIN ") && $0.hasSuffix("PRIVATE KEY-----")
        }
        guard let label = labels.first else {
            let isPublic = (HostKey.types + ["ssh-rsa"]).contains { text.hasPrefix($0 + " ") }
            return isPublic ? .publicKey : .unknown
        }
        let body = lines.filter { !$0.hasPrefix("-") && !$0.contains(":") }.joined()
        switch label {
        case "-----BEGIN OPENSSH PRIVATE KEY-----": return opensshKind(body)
        case "-----BEGIN ENCRYPTED PRIVATE KEY-----": return .encrypted
        case _ where lines.contains { $0.hasPrefix("Proc-Type:") && $0.contains("ENCRYPTED") }:
            return .encrypted
        case "-----BEGIN RSA PRIVATE KEY-----": return .rsa
        case "-----BEGIN DSA PRIVATE KEY-----": return .unsupported("DSA")
        case "-----BEGIN PRIVATE KEY-----": return pkcs8Kind(body)
        default: return .usable
        }
    }

    /// OpenSSH's PROTOCOL.key: the cipher's name is `none` when there is no passphrase, and the
    /// public key stands in clear.
    private static func opensshKind(_ body: String) -> Kind {
        guard let bytes = [UInt8](base64: body) else { return .unknown }
        var reader = WireReader(bytes)
        guard reader.skip("openssh-key-v1\0"), let cipher = reader.string(),
            reader.string() != nil, reader.string() != nil, reader.number() != nil,
            let publicKey = reader.string()
        else { return .unknown }
        guard cipher == Array("none".utf8) else { return .encrypted }
        let type = HostKey(publicKey).type
        if type == "ssh-rsa" { return .rsa }
        return HostKey.types.contains(type) ? .usable : .unsupported(type)
    }

    /// PKCS #8 names the algorithm by an object identifier: 1.2.840.113549.1.1.1 is RSA.
    private static func pkcs8Kind(_ body: String) -> Kind {
        let rsa: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
        guard let bytes = [UInt8](base64: body) else { return .unknown }
        let start = bytes.prefix(40)
        let isRSA = start.indices.contains { start[$0...].starts(with: rsa) }
        return isRSA ? .rsa : .usable
    }
}
