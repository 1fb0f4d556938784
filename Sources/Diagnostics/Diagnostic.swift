/// One thing a person should know about their input: what is wrong, where, why, how to fix it.
package struct Diagnostic: Sendable, Equatable {
    /// How bad it is; only an error stops anything.
    package enum Severity: String, Sendable, Codable, Comparable {
        case warning
        case error

        package static func < (left: Severity, right: Severity) -> Bool {
            left == .warning && right == .error
        }
    }

    /// A second place that belongs to the same problem, such as the other of two rivals.
    package struct Related: Sendable, Equatable {
        package var location: SourceLocation
        package var message: String

        package init(_ location: SourceLocation, _ message: String) {
            self.location = location
            self.message = message
        }
    }

    package var code: DiagnosticCode
    package var severity: Severity
    /// What is wrong, in one line, lower case, without a full stop.
    package var summary: String
    package var location: SourceLocation?
    /// The source line at `location`, without its line break.
    package var excerpt: String?
    /// Why it is wrong, when the summary does not say it all.
    package var why: String?
    /// What to do about it.
    package var fix: String?
    package var related: [Related]

    package init(
        _ code: DiagnosticCode, _ summary: String, severity: Severity = .error,
        at location: SourceLocation? = nil, excerpt: String? = nil,
        why: String? = nil, fix: String? = nil, related: [Related] = []
    ) {
        self.code = code
        self.severity = severity
        self.summary = summary
        self.location = location
        self.excerpt = excerpt
        self.why = why
        self.fix = fix
        self.related = related
    }
}

extension Diagnostic {
    /// A diagnostic as an error, for code that can't go on.
    package struct Thrown: Error, Sendable {
        package let diagnostic: Diagnostic

        package init(_ diagnostic: Diagnostic) {
            self.diagnostic = diagnostic
        }
    }
}
