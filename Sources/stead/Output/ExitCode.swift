import ArgumentParser

/// The exit codes of the command line.
extension ExitCode {
    /// `plan --detailed-exitcode` found changes.
    static let changes = ExitCode(2)
    /// Source: sysexits(3), EX_USAGE.
    static let usage = ExitCode(64)
    /// Desired state is invalid. Source: sysexits(3), EX_DATAERR.
    static let invalid = ExitCode(65)
}

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text
    case json
}
