import ArgumentParser
import Controlling
import Diagnostics
import FoundationEssentials
import Glibc
import Logging
import Resources

/// How a process that runs for long writes its messages.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// Messages of a process that runs for long: a line each, on standard error.
struct LogOutput: Sendable {
    let format: LogFormat

    /// For the libraries, from warnings on.
    var logger: Logger {
        var logger = Logger(label: "stead") { _ in LineHandler(output: self) }
        logger.logLevel = .warning
        return logger
    }

    func write(_ occurrence: Occurrence) {
        let level: Logger.Level =
            switch occurrence.sort {
            case .accepted, .applied, .progressed, .corrected, .recovered: .info
            case .drifted, .held, .failed: .warning
            case .refused, .stalled, .hostKey: .error
            }
        write(
            level, occurrence.message,
            [
                ("event", occurrence.sort.rawValue), ("subject", occurrence.subject),
                ("revision", String(occurrence.revision.prefix(10))),
            ])
    }

    /// What a run does on its hosts: what was changed, and what failed.
    func write(_ event: RunEvent) {
        guard case .outcome(let server, let address, let outcome) = event else { return }
        write(
            outcome.isSuccess ? .info : .warning, outcome.message ?? "verified",
            [("event", "change"), ("subject", address.description), ("server", server)])
    }

    func write(_ level: Logger.Level, _ message: String, _ fields: [(String, String)] = []) {
        let time = Date.now.formatted(.iso8601)
        let message = Redactor.redactedMessage(message)
        let line: String
        switch format {
        case .text:
            let details = fields.filter { !$0.1.isEmpty }.map { "\($0.0)=\($0.1)" }
            line = ([time, level.rawValue] + details + [message]).joined(separator: " ")
        case .json:
            let pairs = [("time", time), ("level", level.rawValue), ("message", message)] + fields
            let object = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
            line =
                (try? CanonicalJSON.encode(object)).map { String(decoding: $0, as: UTF8.self) }
                ?? ""
        }
        put(line)
    }

    /// Passes on a line that a process has written, with the process's name.
    func pass(_ line: String, of process: String) {
        switch format {
        case .text: put("\(process): \(line)")
        case .json where line.hasPrefix("{\"") && line.hasSuffix("}"):
            put("{\"process\":\"\(process)\",\(line.dropFirst())")
        case .json: write(.info, line, [("process", process)])
        }
    }

    /// One write a line, so that lines of several threads do not mix.
    private func put(_ line: String) {
        let bytes = Array((Terminal.sanitized(line) + "\n").utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}

/// The libraries' messages among our own.
private struct LineHandler: LogHandler {
    let output: LogOutput
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    init(output: LogOutput) {
        self.output = output
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        output.write(event.level, "\(event.message)")
    }
}
