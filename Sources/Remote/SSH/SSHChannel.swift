import CSSH2
import Glibc

/// A channel of a session: one command on the host, or a tunnel through it. With `SSHSession` the
/// only code that calls libssh2; the same rules hold.
final class SSHChannel {
    enum Stream: Int32 {
        case output = 0
        case errorOutput = 1
    }

    private let session: SSHSession
    private let pointer: OpaquePointer

    /// What the host may send before we must have read it. Large enough for most answers to come
    /// without waiting for us.
    private static let windowBytes: UInt32 = 2 << 20

    private init(_ session: SSHSession, _ pointer: OpaquePointer) {
        self.session = session
        self.pointer = pointer
    }

    /// Opens a channel for a command. Only one channel of a session can be in the making.
    static func open(on session: SSHSession) -> SSHSession.Outcome<SSHChannel> {
        channel(of: session) {
            libssh2_channel_open_ex($0, "session", 7, windowBytes, 32768, nil, 0)
        }
    }

    /// Opens a channel that leads to `host:port`, as seen from the session's host.
    static func openTunnel(on session: SSHSession, to host: String, port: Int)
        -> SSHSession.Outcome<SSHChannel>
    {
        channel(of: session) {
            libssh2_channel_direct_tcpip_ex($0, host, Int32(port), "127.0.0.1", 0)
        }
    }

    private static func channel(
        of session: SSHSession, _ open: (OpaquePointer) -> OpaquePointer?
    ) -> SSHSession.Outcome<SSHChannel> {
        switch session.call(open) {
        case .done(let pointer): .done(SSHChannel(session, pointer))
        case .wouldBlock: .wouldBlock
        case .failed(let error): .failed(error)
        }
    }

    /// Starts `command` under the user's login shell.
    func start(_ command: String) -> SSHSession.Outcome<Int> {
        session.call { _ in
            Int(
                libssh2_channel_process_startup(
                    pointer, "exec", 4, command, UInt32(command.utf8.count)))
        }
    }

    /// Sends as many of `bytes` as one packet takes, and returns how many that were.
    func write(_ bytes: ArraySlice<UInt8>) -> SSHSession.Outcome<Int> {
        session.call { _ in
            bytes.withUnsafeBytes { buffer in
                let bytes = buffer.bindMemory(to: CChar.self)
                return libssh2_channel_write_ex(pointer, 0, bytes.baseAddress, bytes.count)
            }
        }
    }

    /// Reads into `buffer` and returns the number of bytes; 0 at the end.
    func read(_ stream: Stream, into buffer: UnsafeMutableRawBufferPointer)
        -> SSHSession.Outcome<Int>
    {
        session.call { _ in
            let bytes = buffer.bindMemory(to: CChar.self)
            return libssh2_channel_read_ex(
                pointer, stream.rawValue, bytes.baseAddress, bytes.count)
        }
    }

    /// Says that no more input comes.
    func sendEnd() -> SSHSession.Outcome<Int> {
        session.call { _ in Int(libssh2_channel_send_eof(pointer)) }
    }

    /// Whether the host has sent all its output and all of it has been read.
    var isAtEnd: Bool { libssh2_channel_eof(pointer) == 1 }

    /// Finishes once the host has closed the channel, which is after it gave the exit status.
    func waitForClose() -> SSHSession.Outcome<Int> {
        session.call { _ in Int(libssh2_channel_wait_closed(pointer)) }
    }

    /// Closes our side; finishes once the host's side is closed too.
    func close() -> SSHSession.Outcome<Int> {
        session.call { _ in Int(libssh2_channel_close(pointer)) }
    }

    /// Gives the memory back, after `close`. The channel can't be used afterwards.
    func free() {
        _ = session.call { _ in Int(libssh2_channel_free(pointer)) }
    }

    /// The exit status; 128 and the signal's number when a signal ended the command.
    var exitStatus: Int {
        var name: UnsafeMutablePointer<CChar>?
        libssh2_channel_get_exit_signal(pointer, &name, nil, nil, nil, nil, nil)
        guard let name else { return Int(libssh2_channel_get_exit_status(pointer)) }
        defer { libssh2_free(session.pointer, name) }
        return 128 + (Self.signals[String(cString: name)] ?? 0)
    }

    /// Reads and answers what the host sent of its own accord, such as its keepalives. Works on a
    /// closed channel too, and is the one call of libssh2 that reads without asking for anything.
    func serveSession() -> SSHSession.Outcome<Int> {
        session.call { _ in
            var entry = LIBSSH2_POLLFD()
            entry.type = UInt8(LIBSSH2_POLLFD_CHANNEL)
            entry.fd.channel = pointer
            return Int(libssh2_poll(&entry, 1, 0))
        }
    }

    /// The signals that RFC 4254, section 6.10, names, with Linux's numbers.
    private static let signals: [String: Int] = [
        "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "ABRT": 6, "FPE": 8, "KILL": 9, "USR1": 10,
        "SEGV": 11, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15,
    ]
}
