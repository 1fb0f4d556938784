import Diagnostics
import Glibc
import Processes
import SQL
import Synchronization

/// A process that this one has started: its standard input ends with this process, its standard
/// output is this one's, and what it says on standard error is read line by line.
final class SupervisedProcess: Sendable {
    let identifier: pid_t
    private let hasEnded = Mutex(false)
    /// Nothing is ever written to it.
    private let lifeline: Int32

    /// The longest line that is kept whole.
    private static let lineLimit = 64 << 10

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - arguments: its file, and what it is told.
    ///   - line: told of each line that it says, from a thread of its own.
    /// - Throws: when it can't be started.
    init(
        _ arguments: [String], line: @escaping @Sendable (String) -> Void
    ) throws(Failure) {
        let (identifier, lifeline, messages) = try Self.start(arguments)
        self.identifier = identifier
        self.lifeline = lifeline
        do throws(SQLError) {
            try BlockingThread.start("messages") {
                Self.read(messages, line)
                close(messages)
            }
        } catch {
            // Unread, its messages would hold it up.
            close(messages)
        }
    }

    deinit {
        close(lifeline)
    }

    /// Waits until it has ended.
    func ending() async -> ProgramEnding {
        await withCheckedContinuation { continuation in
            do throws(SQLError) {
                try BlockingThread.start("waiting") { continuation.resume(returning: self.wait()) }
            } catch {
                continuation.resume(returning: self.wait())
            }
        }
    }

    /// Sends it a signal, unless it has ended: its number may be another's then.
    func signal(_ number: Int32) {
        hasEnded.withLock { hasEnded in
            if !hasEnded { kill(identifier, number) }
        }
    }

    private func wait() -> ProgramEnding {
        var information = siginfo_t()
        // Looked at first and taken later, so that its number stays its own meanwhile.
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0 {
            guard errno == EINTR else { break }
        }
        return hasEnded.withLock { hasEnded in
            hasEnded = true
            var status: Int32 = 0
            guard waitpid(identifier, &status, 0) == identifier else { return .status(255) }
            let signal = status & 0x7F
            return signal == 0 ? .status(Int(status >> 8 & 0xFF)) : .signal(Int(signal))
        }
    }

    private static func read(_ descriptor: Int32, _ line: (String) -> Void) {
        var pending: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            pending += buffer[..<count]
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                line(String(decoding: pending[..<end], as: UTF8.self))
                pending.removeSubrange(...end)
            }
            if pending.count > lineLimit {
                line(String(decoding: pending, as: UTF8.self))
                pending = []
            }
        }
        if !pending.isEmpty { line(String(decoding: pending, as: UTF8.self)) }
    }

    // MARK: - Starting

    /// In a group of its own: what is typed at a terminal comes to this process alone, which passes
    /// it on in order.
    private static func start(
        _ arguments: [String]
    ) throws(Failure) -> (pid_t, lifeline: Int32, messages: Int32) {
        let input = try Pipe()
        defer { close(input.readEnd) }
        let messages: Pipe
        do throws(Failure) { messages = try Pipe() } catch {
            close(input.writeEnd)
            throw error
        }
        defer { close(messages.writeEnd) }
        do throws(Failure) {
            let process = try Spawn.start(
                arguments, standard: [input.readEnd, nil, messages.writeEnd])
            return (process, input.writeEnd, messages.readEnd)
        } catch {
            close(input.writeEnd)
            close(messages.readEnd)
            throw error
        }
    }
}
