/// An operation that went wrong for a reason outside the input: a host, a network, a disk. Its
/// case is its retry policy.
package enum Failure: Error, Sendable, Equatable {
    /// Worth trying again by itself, with backoff: a refused connection, a dropped one.
    case transient(Report)
    /// Worth trying again once something else is done, or after a while.
    case waiting(Report, retryAfterSeconds: Int?)
    /// Needs a person: a wrong host key, a missing permission.
    case stalled(Report)
    /// Was looked at well, and can't become what is asked: rows stand against a schema. Needs a
    /// person, who changes one or the other.
    case refused(Report)

    /// What happened, for a person.
    package struct Report: Sendable, Equatable {
        /// One line, lower case, without a full stop.
        package var message: String
        /// More lines: a command's own output, two fingerprints.
        package var detail: String?
        package var fix: String?

        package init(_ message: String, detail: String? = nil, fix: String? = nil) {
            self.message = message
            self.detail = detail
            self.fix = fix
        }
    }

    package var report: Report {
        switch self {
        case .transient(let report), .waiting(let report, _), .stalled(let report),
            .refused(let report):
            report
        }
    }
}

extension Failure: CustomStringConvertible {
    package var description: String {
        let fix = report.fix.map { " (\($0))" } ?? ""
        return report.message + fix
    }
}
