import Diagnostics

/// Leaving a command in the middle. sshd takes the close of a channel at once, but confirms it only
/// when the command has ended, and libssh2 1.10 can't send it a signal.
extension SSHConnection {
    /// How many commands may go on behind our back: sshd counts them (MaxSessions is 10).
    private static let lingeringLimit = 3

    /// Closes a channel in the middle. When the host gives no sign of life soon, or too many
    /// commands go on, the whole connection is ended.
    func abandon(_ channel: SSHChannel) async {
        guard ending == nil else { return }
        // A task of its own: this has to be done even when the caller's is cancelled.
        await Task {
            let soon = Deadline.after(seconds: 1)
            let silence = Failure.transient(.init("\(label): the host stopped answering"))
            do throws(Failure) {
                try await leave(channel, until: soon, or: silence)
                try await sweep(until: soon, or: silence)
            } catch {
                end(error)
            }
        }.value
    }

    private func leave(_ channel: SSHChannel, until deadline: Deadline, or silence: Failure)
        async throws(Failure)
    {
        let close = { (_: SSHSession) in channel.close() }
        var isClosed = try await attempt(until: deadline, or: silence, close) != nil
        let before = try liveSession().receivedBytes
        if !isClosed {
            _ = try await finish(until: deadline, or: silence) {
                $0.sendKeepalive(wantsAnswer: true)
            }
        }
        while !isClosed, try liveSession().receivedBytes == before {
            try await park(until: deadline, or: silence)
            isClosed = try await attempt(until: deadline, or: silence, close) != nil
        }
        if isClosed { keepSpare(channel) } else { lingering.append(channel) }
    }

    /// Forgets the commands that have ended meanwhile.
    private func sweep(until deadline: Deadline, or silence: Failure) async throws(Failure) {
        var remaining: [SSHChannel] = []
        for channel in lingering {
            let end = try await attempt(until: deadline, or: silence) { _ in channel.close() }
            if end == nil { remaining.append(channel) } else { channel.free() }
        }
        lingering = remaining
        guard remaining.count > Self.lingeringLimit else { return }
        throw .transient(.init("\(label): too many commands went on after their time was up"))
    }
}
