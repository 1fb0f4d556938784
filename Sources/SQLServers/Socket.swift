internal import Glibc

/// What the system knows of a connection without asking the other side.
enum Socket {
    /// Whether there are bytes to read, or the other side has hung up.
    static func hasSomethingToRead(_ descriptor: Int32) -> Bool {
        wait(descriptor, milliseconds: 0)
    }

    /// Waits until there are bytes to read or the other side hangs up, for so long, or for ever
    /// when that is negative; false when the time is over.
    static func wait(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var count = poll(&request, 1, milliseconds)
        while count < 0 && errno == EINTR { count = poll(&request, 1, milliseconds) }
        return count != 0
    }

    /// Ends a connection without a word: whoever reads from it is told so.
    static func hangUp(_ descriptor: Int32) {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}
