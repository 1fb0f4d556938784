internal import Glibc

/// What the system knows of a connection without asking the other side.
enum Socket {
    /// Whether there are bytes to read, or the other side has hung up.
    static func hasSomethingToRead(_ descriptor: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, 0) > 0
    }
}
