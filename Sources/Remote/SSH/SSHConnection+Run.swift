import Diagnostics
import Glibc
import Resources

extension SSHConnection {
    func run(_ script: [UInt8], limits: RunLimits) async throws(Failure) -> RunResult {
        let deadline = Deadline.after(seconds: limits.timeoutSeconds)
        let timeout = words.commandTimeout(seconds: limits.timeoutSeconds)
        let shell = RootShell(route)
        return try await withTurn(until: deadline, or: timeout) { () throws(Failure) in
            let channel = try await startShell(shell, until: deadline, or: timeout)
            do throws(Failure) {
                let result = try await converse(script, on: channel, limits, until: deadline)
                if let refusal = shell.refusal(of: result) { throw refusal }
                return result
            } catch {
                await abandon(channel)
                throw error
            }
        }
    }

    private var words: SSHFailure { SSHFailure(label: label, session: session) }

    /// Opens a channel and starts `sh -s` on it.
    func startShell(
        _ shell: RootShell, until deadline: Deadline, or timeout: Failure
    ) async throws(Failure) -> SSHChannel {
        try await withRequest(until: deadline, or: timeout) { () throws(Failure) in
            let channel: SSHChannel
            do throws(Failure) {
                channel = try await finish(until: deadline, or: timeout, SSHChannel.open)
            } catch {
                endIfUnanswered(error, is: timeout)
                throw error
            }
            do throws(Failure) {
                _ = try await finish(until: deadline, or: timeout) { _ in
                    channel.start(shell.command)
                }
            } catch {
                endIfUnanswered(error, is: timeout)
                throw error
            }
            return channel
        }
    }

    /// A host that does not even answer a request won't answer the next one, and libssh2 would
    /// take a late answer for that of the next.
    func endIfUnanswered(_ error: Failure, is timeout: Failure) {
        if case .stalled = error { return }
        end(error)
    }

    /// Sends the script while it reads what comes back, so that neither side waits for the other.
    private func converse(
        _ script: [UInt8], on channel: SSHChannel, _ limits: RunLimits, until deadline: Deadline
    ) async throws(Failure) -> RunResult {
        let timeout = words.commandTimeout(seconds: limits.timeoutSeconds)
        var buffer = OutputBuffer(limit: limits.outputBytes, label: label)
        var input = script[...]
        var isInputOpen = true
        while !channel.isAtEnd {
            let seen = try liveSession().receivedBytes
            var isIdle = true
            if isInputOpen,
                let sent = try await send(input, on: channel, until: deadline, or: timeout)
            {
                isIdle = false
                isInputOpen = !input.isEmpty
                input = input.dropFirst(sent)
            }
            if try await receive(on: channel, into: &buffer, until: deadline, or: timeout) {
                isIdle = false
            }
            if isIdle, try liveSession().receivedBytes == seen, !channel.isAtEnd {
                try await park(until: deadline, or: timeout)
            }
        }
        let status = try await finishChannel(channel, until: deadline, or: timeout)
        return RunResult(
            output: buffer.output, errorOutput: buffer.errorOutput, status: status)
    }

    /// Sends a packet of input, or its end when there is none left.
    ///
    /// - Returns: how many bytes went; nil when the host takes none for now.
    func send(
        _ input: ArraySlice<UInt8>, on channel: SSHChannel, until deadline: Deadline?,
        or timeout: Failure
    ) async throws(Failure) -> Int? {
        try await attempt(until: deadline, or: timeout) { _ in
            input.isEmpty ? channel.sendEnd() : channel.write(input)
        }
    }

    /// Takes over what has come on both streams.
    ///
    /// - Returns: whether anything had.
    func receive(
        on channel: SSHChannel, into buffer: inout OutputBuffer, until deadline: Deadline?,
        or timeout: Failure
    ) async throws(Failure) -> Bool {
        var hasReceived = false
        for stream in [SSHChannel.Stream.errorOutput, .output] {
            let bytes = try await read(stream, of: channel, until: deadline, or: timeout)
            guard let bytes, !bytes.isEmpty else { continue }
            hasReceived = true
            try buffer.append(bytes, isError: stream == .errorOutput)
        }
        return hasReceived
    }

    /// - Returns: what has come, at most 64 KiB; empty at the end, nil when nothing has come.
    func read(
        _ stream: SSHChannel.Stream, of channel: SSHChannel, until deadline: Deadline?,
        or timeout: Failure
    ) async throws(Failure) -> [UInt8]? {
        try await attempt(until: deadline, or: timeout) { _ in
            var outcome = SSHSession.Outcome<Int>.wouldBlock
            let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                outcome = channel.read(stream, into: UnsafeMutableRawBufferPointer(buffer))
                if case .done(let read) = outcome { count = read }
            }
            switch outcome {
            case .done: return .done(bytes)
            case .wouldBlock: return .wouldBlock
            case .failed(let error): return .failed(error)
            }
        }
    }

    /// Waits for the exit status, closes the channel and keeps it as the spare one.
    func finishChannel(
        _ channel: SSHChannel, until deadline: Deadline, or timeout: Failure
    ) async throws(Failure) -> Int {
        _ = try await finish(until: deadline, or: timeout) { _ in channel.waitForClose() }
        let status = channel.exitStatus
        _ = try await finish(until: deadline, or: timeout) { _ in channel.close() }
        keepSpare(channel)
        return status
    }

    /// Keeps a closed channel in place of the one before.
    func keepSpare(_ channel: SSHChannel) {
        spareChannel?.free()
        spareChannel = channel
    }
}

extension RootShell {
    /// Why root was not to be had; nil when the shell did run.
    func refusal(of result: RunResult) -> Failure? {
        refusal(status: result.status, output: result.output, errorOutput: result.errorOutput)
    }
}
