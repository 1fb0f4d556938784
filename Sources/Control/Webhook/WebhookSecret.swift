import Crypto
package import Diagnostics
import FoundationEssentials
import Glibc
import Storage

/// What webhooks are signed with: `keys/webhook` of the state folder, for its owner alone.
///
/// One secret does for every format: GitHub, Gitea and Forgejo sign with its text, GitLab's secret
/// token is its text, and GitLab's signing token is the bytes that its text encodes.
package struct WebhookSecret: Sendable {
    /// `whsec_` and the bytes in base64, as it is entered.
    package let text: String
    let bytes: Data

    private static let prefix = "whsec_"

    /// A new one, of 32 random bytes.
    package init() {
        bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        text = Self.prefix + bytes.base64EncodedString()
    }

    /// Nil for what is no secret of this form, or a short one.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            bytes.count >= 24
        else { return nil }
        self.text = text
        self.bytes = bytes
    }

    /// The one of a state folder; nil when it has none.
    ///
    /// - Throws: when the file can't be read, may be read by others, or holds something else.
    package static func read(state: String) throws(Failure) -> WebhookSecret? {
        let path = path(in: state)
        guard let file = FileOwnership(of: path) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("read", path)
        }
        guard file.mode & 0o077 == 0 else {
            throw .stalled(
                .init("others may read \(path)", fix: "`stead hook secret --rotate` makes another"))
        }
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw failure("read", path)
        }
        let words = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let secret = WebhookSecret(String(words[0])) else {
            throw .stalled(
                .init(
                    "\(path) holds no secret",
                    fix: "`stead hook secret --rotate` makes another"))
        }
        return secret
    }

    /// The one of a state, made when it has none: the same for all who ask at once.
    ///
    /// - Parameter state: the state folder; it is there.
    /// - Returns: the one that counts, whoever made it.
    /// - Throws: when the file can't be read or written.
    package static func readOrMake(state: String) throws(Failure) -> WebhookSecret {
        if let secret = try read(state: state) { return secret }
        let secret = WebhookSecret()
        let isMade = try secret.write(state: state, by: link)
        return try isMade ? secret : read(state: state) ?? secret
    }

    /// Makes it the one of a state; the one before it counts no more.
    ///
    /// - Parameter state: the state folder; it is there.
    /// - Throws: when the file can't be written.
    package func replace(state: String) throws(Failure) {
        _ = try write(state: state, by: rename)
    }

    /// False when the file is there, and `placing` replaces none.
    private func write(
        state: String, by placing: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    ) throws(Failure) -> Bool {
        let path = Self.path(in: state)
        guard mkdir("\(state)/keys", 0o700) == 0 || errno == EEXIST else {
            throw Self.failure("make", "\(state)/keys")
        }
        let temporary = "\(path).\(getpid()).tmp"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("write", path) }
        let line = Array("\(text)\n".utf8)
        let count = line.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        // A superuser's secret has to be the controller's to read.
        let isOwned =
            FileOwnership(of: state).map { owner in
                owner.user == geteuid() || fchown(descriptor, owner.user, owner.group) == 0
            } ?? false
        let isWritten = count == line.count && isOwned && fsync(descriptor) == 0
        close(descriptor)
        defer { unlink(temporary) }
        guard isWritten else { throw Self.failure("write", path) }
        guard placing(temporary, path) != 0 else { return true }
        guard errno == EEXIST else { throw Self.failure("write", path) }
        return false
    }

    private static func path(in state: String) -> String { "\(state)/keys/webhook" }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        .stalled(.init("cannot \(verb) \(path): \(String(cString: strerror(errno)))"))
    }
}
