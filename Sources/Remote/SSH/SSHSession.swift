import CSSH2
import Glibc

/// A libssh2 session on a socket. With `SSHChannel` the only code that calls libssh2.
///
/// Nothing here waits: a call that can't finish yet returns `.wouldBlock` and is made again once
/// the socket is ready. Not for use by two threads at once.
///
/// Where libssh2 1.10 leaves packets half sent, the very same call has to be the next one: see
/// `isHalfSent`.
final class SSHSession {
    /// What became of a call.
    enum Outcome<Value> {
        case done(Value)
        case wouldBlock
        case failed(SSHError)
    }

    let socket: Descriptor
    let pointer: OpaquePointer
    /// Bytes read from the socket so far. When it has grown, packets for others than the caller
    /// may have been read and be waiting in libssh2's memory.
    private(set) var receivedBytes = 0
    /// Whether the other side has closed or reset the connection.
    private(set) var hasEnded = false
    /// What the host said first, at most 255 bytes.
    private(set) var greeting: [UInt8] = []
    /// What one call may still read, so that a host that never stops sending can't hold a call.
    private var budget = 0
    private var sign: (([UInt8]) -> [UInt8]?)?

    /// libssh2's own set-up, which is not safe to run twice at once. Without OpenSSL's clean-up at
    /// exit: it would pull the ground from under connections that are still open on their threads.
    private static let isLibraryReady: Bool = {
        let noCleanUpAtExit: UInt64 = 0x80000
        return OPENSSL_init_crypto(noCleanUpAtExit, nil) == 1 && libssh2_init(0) == 0
    }()

    /// - Returns: nil when memory is short.
    init?(on socket: Descriptor) {
        guard Self.isLibraryReady, let pointer = libssh2_session_init_ex(nil, nil, nil, nil)
        else { return nil }
        self.pointer = pointer
        self.socket = socket
        libssh2_session_abstract(pointer)?.pointee = Unmanaged.passUnretained(self).toOpaque()
        libssh2_session_callback_set(
            pointer, LIBSSH2_CALLBACK_RECV,
            unsafeBitCast(Self.receive, to: UnsafeMutableRawPointer.self))
        libssh2_session_set_blocking(pointer, 0)
    }

    deinit {
        // With the socket shut nothing can block any more, so that one call frees everything.
        shutdown(socket.number, Int32(SHUT_RDWR))
        libssh2_session_free(pointer)
    }

    private typealias Receive =
        @convention(c) (
            libssh2_socket_t, UnsafeMutableRawPointer?, Int, Int32,
            UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> Int

    private static let receive: Receive = { descriptor, buffer, length, flags, context in
        guard let session = of(context) else { return Int(-EBADF) }
        guard session.budget > 0 else { return Int(-EAGAIN) }
        let count = recv(descriptor, buffer, min(length, session.budget), flags)
        guard count >= 0 else { return session.noteError(errno) }
        session.note(UnsafeRawBufferPointer(start: buffer, count: count))
        return count
    }

    private static func of(_ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?)
        -> SSHSession?
    {
        context?.pointee.map { Unmanaged<SSHSession>.fromOpaque($0).takeUnretainedValue() }
    }

    /// - Returns: what libssh2 takes for an error.
    private func noteError(_ code: Int32) -> Int {
        if code == EAGAIN || code == EINTR { return Int(-EAGAIN) }
        hasEnded = true
        return Int(-code)
    }

    private func note(_ bytes: UnsafeRawBufferPointer) {
        if bytes.isEmpty { hasEnded = true }
        budget -= bytes.count
        receivedBytes += bytes.count
        if greeting.count < 255 { greeting += bytes.prefix(255 - greeting.count) }
    }

    /// Makes one call and turns its return code into an outcome: negative is a failure, anything
    /// else the value.
    func call(_ function: (OpaquePointer) -> Int) -> Outcome<Int> {
        budget = 4 << 20
        let code = function(pointer)
        if code >= 0 { return .done(code) }
        return code == Int(LIBSSH2_ERROR_EAGAIN) ? .wouldBlock : .failed(lastError(code))
    }

    /// Makes one call that returns a pointer, or null and leaves the reason in the session.
    func call(_ function: (OpaquePointer) -> OpaquePointer?) -> Outcome<OpaquePointer> {
        budget = 4 << 20
        if let result = function(pointer) { return .done(result) }
        let code = libssh2_session_last_errno(pointer)
        return code == LIBSSH2_ERROR_EAGAIN ? .wouldBlock : .failed(lastError(Int(code)))
    }

    private func lastError(_ code: Int) -> SSHError {
        var text: UnsafeMutablePointer<CChar>?
        // libssh2 leaves an older message where a call fails without one of its own.
        let isOwn = libssh2_session_last_error(pointer, &text, nil, 0) == Int32(code)
        let message = isOwn ? text.map { String(cString: $0) } : nil
        return SSHError(code: Int32(clamping: code), message: message ?? "libssh2 error \(code)")
    }

    /// Whether the last call left a packet partly on the wire: nothing but the same call may be
    /// made before that one is out.
    var isHalfSent: Bool {
        libssh2_session_block_directions(pointer) & LIBSSH2_SESSION_BLOCK_OUTBOUND != 0
    }

    /// Accepts only host keys of these types, such as `ssh-ed25519`, in this order.
    ///
    /// - Returns: false when libssh2 can verify none of them.
    func accept(hostKeyTypes types: [String]) -> Bool {
        let list = types.joined(separator: ",")
        return libssh2_session_method_pref(pointer, LIBSSH2_METHOD_HOSTKEY, list) == 0
    }

    /// Exchanges banners and keys. Verifies that the host holds the key it shows, not that this
    /// is the right host: compare `hostKey` before anything else.
    func handshake() -> Outcome<Int> {
        call { Int(libssh2_session_handshake($0, socket.number)) }
    }

    /// The host's public key as RFC 4253, section 6.6, encodes it.
    var hostKey: [UInt8] {
        var length = 0
        var type: Int32 = 0
        guard let key = libssh2_session_hostkey(pointer, &length, &type) else { return [] }
        return UnsafeRawBufferPointer(start: key, count: length).map(\.self)
    }

    /// Signs in with a private key without passphrase, in OpenSSH's format or PEM.
    func authenticate(_ user: String, privateKey: [UInt8]) -> Outcome<Int> {
        call { pointer in
            privateKey.withUnsafeBytes { bytes in
                let key = bytes.bindMemory(to: CChar.self)
                return Int(
                    libssh2_userauth_publickey_frommemory(
                        pointer, user, user.utf8.count, nil, 0, key.baseAddress, key.count, nil))
            }
        }
    }

    /// Signs in with a public key whose private half somebody else holds: `sign` returns a bare
    /// signature, or nil.
    func authenticate(
        _ user: String, publicKey: [UInt8], sign: @escaping ([UInt8]) -> [UInt8]?
    ) -> Outcome<Int> {
        self.sign = sign
        defer { self.sign = nil }
        return call { pointer in
            Int(
                libssh2_userauth_publickey(
                    pointer, user, publicKey, publicKey.count,
                    { session, signature, length, input, count, _ in
                        let context = libssh2_session_abstract(session)
                        let message = [UInt8](UnsafeBufferPointer(start: input, count: count))
                        guard let bytes = SSHSession.of(context)?.sign?(message),
                            let copy = malloc(bytes.count)
                        else { return -1 }
                        copy.copyMemory(from: bytes, byteCount: bytes.count)
                        // libssh2 frees it.
                        signature?.pointee = copy.assumingMemoryBound(to: UInt8.self)
                        length?.pointee = bytes.count
                        return 0
                    }, nil))
        }
    }

    /// Tells the host that we are still here; with `wantsAnswer`, makes it say anything at all.
    func sendKeepalive(wantsAnswer: Bool) -> Outcome<Int> {
        // libssh2 sends none before the interval is over, and stores it as a signed number.
        let alwaysOver = UInt32(bitPattern: -1)
        libssh2_keepalive_config(pointer, wantsAnswer ? 1 : 0, alwaysOver)
        return call { Int(libssh2_keepalive_send($0, nil)) }
    }

    /// Says goodbye.
    func disconnect() {
        _ = call { Int(libssh2_session_disconnect_ex($0, 11, "closed by stead", "")) }
    }
}
