import Diagnostics
import Remote
import Resources

/// A shell on a host that runs commands one by one and says how each ended.
struct StepShell: Sendable {
    /// How a command ended, and what it printed on both outputs.
    struct Reply: Sendable, Equatable {
        var status: Int
        var output: String

        var isSuccess: Bool { status == 0 }
    }

    private let shell: any HostShell
    private let nonce = Nonce()
    private let fence: Fence
    private let timeoutSeconds: Int

    /// `timeoutSeconds` is for commands that bring no limit of their own.
    init(_ shell: any HostShell, fence: Fence, timeoutSeconds: Int) {
        self.shell = shell
        self.fence = fence
        self.timeoutSeconds = timeoutSeconds
    }

    /// Shows the host under which lease its orders come; to be called before anything is run.
    ///
    /// - Throws: `stalled` when a higher one was here, or the token can't be left there.
    func raiseFence(isLocal: Bool) async throws(Failure) {
        let script = "{\n\(fence.raise(isLocal: isLocal))} </dev/null 2>&1\n"
        let reply = try await exchange(
            Array((script + Self.closing(nonce)).utf8), timeoutSeconds: timeoutSeconds)
        guard reply.isSuccess else {
            throw .stalled(
                .init(
                    "the host can't keep the lease's token", detail: reply.output,
                    fix: "let it make that folder"))
        }
    }

    /// Runs a command and waits for its end.
    ///
    /// - Throws: when the host no longer answers; whether the command ran is then unknown. Also
    ///   when somebody with a higher lease has given it orders: the command was not run.
    func run(_ command: Command) async throws(Failure) -> Reply {
        try await exchange(
            Self.render(command, nonce), timeoutSeconds: command.timeoutSeconds ?? timeoutSeconds)
    }

    private func exchange(_ input: [UInt8], timeoutSeconds: Int) async throws(Failure) -> Reply {
        let limits = RunLimits(timeoutSeconds: timeoutSeconds, outputBytes: 1 << 20)
        let output = try await shell.exchange(input, until: nonce.bytes, limits: limits)
        let reply = try Self.reply(output, nonce)
        guard reply.status != Fence.refusedStatus || !reply.output.isEmpty else {
            throw .stalled(
                .init(
                    "the host has had orders under a higher lease than \(fence.token); "
                        + "nothing more is done there",
                    fix: "see `stead status` for who holds it"))
        }
        return reply
    }

    func close() async {
        await shell.close()
    }

    /// The command in a subshell of its own, evaluated so that a syntax error in it ends only that;
    /// then a line with the nonce and the exit status.
    static func render(_ command: Command, _ nonce: Nonce) -> [UInt8] {
        let arguments =
            command.arguments.isEmpty
            ? "" : " " + ShellText.quoted(command.arguments)
        let body = """
            (
            set --\(arguments)
            eval \(ShellText.quoted(Fence.check + prologue + command.script))
            )
            """
        let closing = closing(nonce)
        guard let input = command.input?.bytes else {
            return Array("\(body) </dev/null 2>&1\n\(closing)".utf8)
        }
        // A here-document ends in a line break and can't hold a NUL; other contents are printed.
        guard input.last == UInt8(ascii: "\n"), !input.contains(0) else {
            return Array("printf '".utf8) + ShellText.printfFormat(of: input)
                + Array("' | \(body) 2>&1\n\(closing)".utf8)
        }
        return Array("\(body) 2>&1 <<'\(nonce.text)'\n".utf8) + input
            + Array("\(nonce.text)\n\(closing)".utf8)
    }

    /// Prints a line with the nonce and the status of what ran before.
    private static func closing(_ nonce: Nonce) -> String {
        "printf '\\n%s %s\\n' '\(nonce.text)' \"$?\"\n"
    }

    private static let prologue = """
        LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
        export LC_ALL PATH

        """

    private static func reply(_ output: [UInt8], _ nonce: Nonce) throws(Failure) -> Reply {
        let text = String(decoding: output, as: UTF8.self)
        guard let marker = text.range(of: "\n" + nonce.text + " ", backwards: true),
            let status = Int(text[marker.upperBound...].prefix { $0.isNumber })
        else {
            throw .stalled(.init("the host's answer to a command makes no sense"))
        }
        let printed = text[..<marker.lowerBound]
        let end = printed.lastIndex { !$0.isNewline }.map { printed.index(after: $0) }
        return Reply(status: status, output: String(printed[..<(end ?? printed.startIndex)]))
    }
}

extension String {
    /// The last place where `part` stands.
    fileprivate func range(of part: String, backwards: Bool) -> Range<String.Index>? {
        ranges(of: part).last
    }
}
