import Diagnostics
import Resources

extension SSHConnection {
    /// A shell that is kept open, and what it has printed that nobody has asked for yet.
    struct ShellState {
        var channel: SSHChannel
        var buffer: OutputBuffer
    }

    func openShell() async throws(Failure) -> any HostShell {
        let seconds = route.server.commandTimeoutSeconds
        let deadline = Deadline.after(seconds: seconds)
        let timeout = Failure.transient(.init("\(label): no shell within \(seconds) s"))
        let channel = try await counted { () throws(Failure) in
            try await startShell(RootShell(route), until: deadline, or: timeout)
        }
        lastShell += 1
        shells[lastShell] = ShellState(
            channel: channel, buffer: OutputBuffer(limit: .max, label: label))
        return SSHShell(connection: self, number: lastShell)
    }

    func exchange(
        _ input: [UInt8], until marker: [UInt8], with number: Int, limits: RunLimits
    ) async throws(Failure) -> [UInt8] {
        guard var shell = shells.removeValue(forKey: number) else {
            throw ending ?? .transient(.init("\(label): the shell is closed or busy"))
        }
        shell.buffer.limit = limits.outputBytes
        do throws(Failure) {
            let answer = try await counted { () throws(Failure) in
                try await exchange(input, until: marker, &shell, limits)
            }
            if ending == nil { shells[number] = shell }
            return answer
        } catch {
            await abandon(shell.channel)
            throw error
        }
    }

    private func exchange(
        _ input: [UInt8], until marker: [UInt8], _ shell: inout ShellState, _ limits: RunLimits
    ) async throws(Failure) -> [UInt8] {
        let deadline = Deadline.after(seconds: limits.timeoutSeconds)
        let timeout = SSHFailure(label: label, session: session)
            .commandTimeout(seconds: limits.timeoutSeconds)
        var rest = input[...]
        while true {
            if let answer = shell.buffer.takeLine(beginningWith: marker) {
                return answer
            }
            if shell.channel.isAtEnd { throw try await ended(shell, until: deadline, timeout) }
            let seen = try liveSession().receivedBytes
            var isIdle = true
            if !rest.isEmpty,
                let sent = try await send(rest, on: shell.channel, until: deadline, or: timeout)
            {
                isIdle = false
                rest = rest.dropFirst(sent)
            }
            let hasReceived = try await receive(
                on: shell.channel, into: &shell.buffer, until: deadline, or: timeout)
            if isIdle, !hasReceived, try liveSession().receivedBytes == seen, !shell.channel.isAtEnd
            {
                try await park(until: deadline, or: timeout)
            }
        }
    }

    /// Why a shell ended by itself.
    private func ended(_ shell: ShellState, until deadline: Deadline, _ timeout: Failure)
        async throws(Failure) -> Failure
    {
        let channel = shell.channel
        _ = try await finish(until: deadline, or: timeout) { _ in channel.waitForClose() }
        return RootShell(route).ending(
            status: channel.exitStatus, output: shell.buffer.output,
            errorOutput: shell.buffer.errorOutput)
    }

    /// Ends a shell's input and lets it end by itself; one that does not is left behind.
    ///
    /// In that order, and not by closing the channel at once: dropbear 2022.83 now and then never
    /// answers a request that meets the end of another channel's command.
    func closeShell(_ number: Int) async {
        guard var shell = shells.removeValue(forKey: number) else { return }
        let soon = Deadline.after(seconds: 2)
        let silence = Failure.transient(.init("\(label): the shell does not end"))
        do throws(Failure) {
            try await counted { () throws(Failure) in
                try await end(&shell, until: soon, or: silence)
            }
        } catch {
            await abandon(shell.channel)
        }
    }

    private func end(_ shell: inout ShellState, until deadline: Deadline, or silence: Failure)
        async throws(Failure)
    {
        let channel = shell.channel
        _ = try await finish(until: deadline, or: silence) { _ in channel.sendEnd() }
        while !channel.isAtEnd {
            let seen = try liveSession().receivedBytes
            let hasReceived = try await receive(
                on: channel, into: &shell.buffer, until: deadline, or: silence)
            if !hasReceived, try liveSession().receivedBytes == seen, !channel.isAtEnd {
                try await park(until: deadline, or: silence)
            }
        }
        _ = try await finishChannel(channel, until: deadline, or: silence)
    }
}
