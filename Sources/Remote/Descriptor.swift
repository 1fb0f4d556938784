import Diagnostics
import Glibc

/// An open file descriptor, closed with its last owner.
final class Descriptor: Sendable {
    let number: Int32

    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// POLLRDHUP, which the Glibc module leaves out: the other side sends no more.
    static let hangUp: Int32 = 0x2000

    /// Two stream sockets that speak to each other; neither blocks, neither is inherited.
    ///
    /// - Throws: `transient` when the process has no descriptor left.
    static func pair() throws(Failure) -> (Descriptor, Descriptor) {
        var numbers: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, type, 0, &numbers) == 0 else {
            throw .transient(.init("cannot make a pair of sockets: \(SystemError.current)"))
        }
        return (Descriptor(owning: numbers[0]), Descriptor(owning: numbers[1]))
    }

    /// Whether poll(2) reports one of `events`, an error or a hang-up right now.
    func isReady(for events: Int32) -> Bool {
        var entry = pollfd(fd: number, events: Int16(events), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Reads what is there, at most `limit` bytes; empty at the end, nil when it would block or
    /// failed.
    func read(limit: Int) -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            count = Glibc.read(number, buffer.baseAddress, limit)
            initialized = max(0, count)
        }
        return count < 0 ? nil : bytes
    }

    /// Writes as much as fits and returns how many bytes that were; nil when the other side is
    /// gone.
    func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        let count = bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// Makes reads and writes return instead of waiting.
    func stopBlocking() {
        let flags = fcntl(number, F_GETFL, 0)
        _ = fcntl(number, F_SETFL, flags | O_NONBLOCK)
    }
}
