import CPosix
import Glibc

/// Tells the service manager how this process is, where one asks to be told.
///
/// Source: sd_notify(3): lines of `NAME=value` in one datagram to the socket that the environment
/// names.
package struct ServiceNotice: Sendable {
    /// A path, or `@` and an abstract name; nil where nobody asks.
    private let socket: String?
    /// How often the manager wants a sign of life, at least; nil for never.
    package let watchdog: Duration?

    /// What the environment of this process asks for; taken out of it, so that no program which
    /// this one starts speaks in its name. To be called before there are other threads.
    package static func taken() -> ServiceNotice {
        let names = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]
        let values = names.map { name in getenv(name).map { String(cString: $0) } }
        for name in names { unsetenv(name) }
        let isMine = values[2].map { $0 == String(getpid()) } ?? true
        return ServiceNotice(
            socket: values[0], watchdogMicroseconds: isMine ? values[1].flatMap { Int($0) } : nil)
    }

    init(socket: String?, watchdogMicroseconds: Int?) {
        self.socket = socket.flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        watchdog = watchdogMicroseconds.flatMap { $0 > 0 ? .microseconds($0) : nil }
    }

    /// All is started.
    package func ready(_ status: String? = nil) {
        send(["READY=1"] + (status.map { ["STATUS=\($0)"] } ?? []))
    }

    /// Settings are being read again; `ready` ends it.
    package func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let microseconds = time.tv_sec * 1_000_000 + time.tv_nsec / 1000
        send(["RELOADING=1", "MONOTONIC_USEC=\(microseconds)"])
    }

    /// The process comes to its end.
    package func stopping() { send(["STOPPING=1"]) }

    /// A sign of life.
    package func alive() { send(["WATCHDOG=1"]) }

    /// What people see in the manager's status; one line.
    package func status(_ text: String) { send(["STATUS=\(text)"]) }

    /// Nobody who listens is no mistake of this process.
    private func send(_ lines: [String]) {
        guard let socket else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(socket.utf8)
        // An abstract name begins with a zero byte: unix(7).
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard name.count < room else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = MemoryLayout<sockaddr_un>.size - room + name.count
        let descriptor = Glibc.socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(lines.joined(separator: "\n").utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                sendto(
                    descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address,
                    socklen_t(length))
            }
        }
    }
}
