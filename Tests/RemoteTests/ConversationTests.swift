import Diagnostics
import Remote
import Resources
import TestSupport
import Testing

/// What every connection does, whether by SSH or on the machine itself.
@Suite("conversations with a host", .timeLimit(.minutes(2)))
struct ConversationTests {
    enum Way: CaseIterable {
        case local
        case ssh
    }

    /// An open connection of each way; the server lives as long as `body` runs.
    private func with<Value>(
        _ way: Way, _ body: (any HostConnection) async throws -> Value
    ) async throws -> Value {
        switch way {
        case .local:
            var server = ServerSpec()
            server.transport = .local
            let route = HostRoute(name: "here", server: server)
            return try await withConnection(LocalTransport(), to: route, body)
        case .ssh:
            let server = try await TestSSHServer.start()
            return try await withConnection(to: server.route(), body)
        }
    }

    @Test("a script's output, errors and status come back", arguments: Way.allCases)
    func results(way: Way) async throws {
        try await with(way) { (connection) async throws in
            let result = try await connection.run("echo out; echo err >&2; exit 3\n")
            #expect(result.text == "out\n")
            #expect(result.errorText == "err\n")
            #expect(result.status == 3)
            let empty = try await connection.run("")
            #expect(empty.output.isEmpty && empty.status == 0)
        }
    }

    @Test("a signal's number stands in the status", arguments: Way.allCases)
    func signals(way: Way) async throws {
        try await with(way) { (connection) async throws in
            #expect(try await connection.run("kill -TERM $$\n").status == 143)
            #expect(try await connection.run("kill -KILL $$\n").status == 137)
            #expect(try await connection.run("echo still here\n").text == "still here\n")
        }
    }

    @Test("quotes, line breaks and bytes that are no text arrive as sent", arguments: Way.allCases)
    func quoting(way: Way) async throws {
        try await with(way) { (connection) async throws in
            let hostile = "it's \"$(id)\" `id` \\ \n -- \u{7F} ü\t*"
            let quoted = "'" + hostile.split(separator: "'").joined(separator: "'\\''") + "'"
            let result = try await connection.run("set -- \(quoted)\nprintf %s \"$1\"\n")
            #expect(result.text == hostile)
            let bytes = try await connection.run("printf '\\000\\377\\200\\n'\n")
            #expect(bytes.output == [0, 0xFF, 0x80, 0x0A])
        }
    }

    @Test("10 MB go in while 10 MB come out", arguments: Way.allCases)
    func bulk(way: Way) async throws {
        try await with(way) { (connection) async throws in
            // Each line of the script prints itself, so that both directions are full at once.
            let count = 10_240
            let line = "echo " + String(repeating: "x", count: 1018) + "\n"
            let script = String(repeating: line, count: count)
            let result = try await connection.run(script)
            #expect(result.output.count == count * 1019)
            #expect(result.status == 0)
        }
    }

    @Test("a host that ends before it has read all is no error", arguments: Way.allCases)
    func earlyEnd(way: Way) async throws {
        try await with(way) { (connection) async throws in
            let script = "exec 0</dev/null; echo early; exit 4\n"
            let padding = [UInt8](repeating: UInt8(ascii: "#"), count: 8 << 20)
            let result = try await connection.run(Array(script.utf8) + padding, limits: RunLimits())
            #expect(result.text == "early\n")
            #expect(result.status == 4)
        }
    }

    @Test("an endless output is cut off at the limit", arguments: Way.allCases)
    func outputLimit(way: Way) async throws {
        try await with(way) { (connection) async throws in
            for stream in [1, 2] {
                let error = await failure {
                    let script = "head -c 1000000000 /dev/zero >&\(stream)\n"
                    _ = try await connection.run(script, limits: RunLimits(outputBytes: 3 << 20))
                }
                #expect(error?.isStalled == true)
                #expect(error?.text.contains("more than 3 MB of output") == true)
            }
            #expect(try await connection.run("echo fine\n").text == "fine\n")
        }
    }

    @Test("of errors at most the last 64 KiB are kept", arguments: Way.allCases)
    func errorTail(way: Way) async throws {
        try await with(way) { (connection) async throws in
            let result = try await connection.run("seq 1 100000 >&2\n")
            #expect(result.errorOutput.count == 64 << 10)
            #expect(result.errorText.hasSuffix("\n99999\n100000\n"))
        }
    }

    @Test("a command that takes too long is ended", arguments: Way.allCases)
    func timeout(way: Way) async throws {
        try await with(way) { (connection) async throws in
            let error = await failure {
                _ = try await connection.run("sleep 60\n", limits: RunLimits(timeoutSeconds: 1))
            }
            #expect(error?.isTransient == true)
            #expect(error?.text.contains("did not end within 1 s") == true)
            #expect(try await connection.run("echo fine\n").text == "fine\n")
        }
    }

    @Test("a cancelled task does not wait for its command", arguments: Way.allCases)
    func cancellation(way: Way) async throws {
        try await with(way) { (connection) async throws in
            let task = Task { try await connection.run("sleep 60\n") }
            try await Task.sleep(for: .milliseconds(300))
            task.cancel()
            let error = await failure { _ = try await task.value }
            #expect(error?.text.contains("cancelled") == true)
        }
    }

    @Test("a shell keeps its state from one exchange to the next", arguments: Way.allCases)
    func shell(way: Way) async throws {
        try await with(way) { (connection) async throws in
            let shell = try await connection.openShell()
            let first = try await shell.exchange("x=1; echo a; echo =done 0\n", until: "=done")
            #expect(first == "a\n=done 0\n")
            let more = try await shell.exchange("echo $x; echo =one; echo =two\n", until: "=one")
            #expect(more == "1\n=one\n")
            #expect(try await shell.exchange("", until: "=two") == "=two\n")
            // Other commands run beside an open shell.
            #expect(try await connection.run("echo beside\n").text == "beside\n")
            let big = try await shell.exchange(
                "head -c 5000000 /dev/zero | tr '\\0' x; echo; echo =end\n", until: "=end")
            #expect(big.utf8.count == 5_000_006)
            await shell.close()
        }
    }

    @Test("a shell that ends by itself says how", arguments: Way.allCases)
    func shellEnds(way: Way) async throws {
        try await with(way) { (connection) async throws in
            let shell = try await connection.openShell()
            let error = await failure {
                _ = try await shell.exchange("echo oh >&2; exit 5\n", until: "=done")
            }
            #expect(error?.isTransient == true)
            #expect(error?.text.contains("status 5") == true)
            #expect(error?.text.contains("oh") == true)
            let again = await failure { _ = try await shell.exchange("", until: "=x") }
            #expect(again?.text.contains("closed") == true)
        }
    }

    @Test("a shell that says nothing is given up in time", arguments: Way.allCases)
    func shellTimeout(way: Way) async throws {
        try await with(way) { (connection) async throws in
            let shell = try await connection.openShell()
            let error = await failure {
                _ = try await shell.exchange(
                    "echo no marker\n", until: "=done", limits: RunLimits(timeoutSeconds: 1))
            }
            #expect(error?.text.contains("did not end within 1 s") == true)
            #expect(try await connection.run("echo fine\n").text == "fine\n")
        }
    }

    @Test("a closed connection refuses, and whoever waits on it is told", arguments: Way.allCases)
    func closing(way: Way) async throws {
        try await with(way) { (connection) async throws in
            let running = Task { try await connection.run("sleep 60\n") }
            try await Task.sleep(for: .milliseconds(200))
            await connection.close()
            let interrupted = await failure { _ = try await running.value }
            #expect(interrupted?.isTransient == true)
            #expect(await connection.isOpen == false)
            let late = await failure { _ = try await connection.run("true\n") }
            #expect(late?.text.contains("closed") == true)
        }
    }
}
