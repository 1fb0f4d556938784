import Diagnostics
import FoundationEssentials
import Glibc

/// The process's two outputs: results go to standard output, messages to standard error.
struct Console: Sendable {
    /// Standard output's style.
    let results: Terminal
    /// Standard error's style.
    let messages: Terminal
    /// Whether standard error is a terminal that a progress display can redraw.
    let isInteractive: Bool

    /// Colour only on a terminal, and only without `NO_COLOR`. Source: no-color.org.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let isColourWanted =
            environment["NO_COLOR", default: ""].isEmpty
            && environment["TERM"] != "dumb"
        results = Terminal(isColoured: isColourWanted && isatty(STDOUT_FILENO) == 1)
        messages = Terminal(isColoured: isColourWanted && isatty(STDERR_FILENO) == 1)
        isInteractive = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    }

    /// Writes a result, as it is.
    func result(_ text: String) {
        Self.write(Array(text.utf8), to: STDOUT_FILENO)
    }

    /// Whether somebody still reads the results, or a file takes them.
    var isHeard: Bool {
        var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        return poll(&output, 1, 0) < 0 || output.revents & Int16(POLLERR) == 0
    }

    /// Writes a message, a line break after it.
    func message(_ text: String) {
        Self.write(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// Writes a piece of a progress display.
    func progress(_ text: String) {
        Self.write(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Writes one JSON document as a result: on one line, with sorted keys, and a line feed.
    func json(_ value: some Encodable) throws {
        result(try encoded(value))
    }

    /// A JSON document on one line, with sorted keys, and a line feed.
    func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    func report(_ diagnostics: [Diagnostic]) {
        guard !diagnostics.isEmpty else { return }
        progress(DiagnosticText(terminal: messages).render(diagnostics))
    }

    func report(_ failure: Failure) {
        let label = messages.paint("error:", .red, .bold)
        message("\(label) \(Terminal.sanitized(failure.report.message))")
        if let detail = failure.report.detail {
            for line in Terminal.sanitized(detail).split(separator: "\n") { message("  \(line)") }
        }
        if let fix = failure.report.fix { message("  fix: \(fix)") }
    }

    func warn(_ text: String) {
        message("\(messages.paint("warning:", .yellow, .bold)) \(text)")
    }

    /// Asks on the terminal; false when there is none to ask on.
    func confirm(_ question: String) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        progress("\(question) [y/N] ")
        let answer = readLine(strippingNewline: true)?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                // The reader is gone (`stead plan | head`): nobody is left to tell.
                return
            }
        }
    }
}
