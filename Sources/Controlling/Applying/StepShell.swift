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
    private let timeoutSeconds: Int

    /// `timeoutSeconds` is for commands that bring no limit of their own.
    init(_ shell: any HostShell, timeoutSeconds: Int) {
        self.shell = shell
        self.timeoutSeconds = timeoutSeconds
    }

    /// Runs a command and waits for its end.
    ///
    /// - Throws: when the host no longer answers; whether the command ran is then unknown.
    func run(_ command: Command) async throws(Failure) -> Reply {
        let limits = RunLimits(
            timeoutSeconds: command.timeoutSeconds ?? timeoutSeconds, outputBytes: 1 << 20)
        let output = try await shell.exchange(
            Self.render(command, nonce), until: nonce.bytes, limits: limits)
        return try Self.reply(output, nonce)
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
            eval \(ShellText.quoted(prologue + command.script))
            )
            """
        let closing = "printf '\\n%s %s\\n' '\(nonce.text)' \"$?\"\n"
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
