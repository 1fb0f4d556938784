package import Diagnostics

/// Why a tree can't be read at all.
package enum TreeError: Error, Sendable {
    /// What was asked for is wrong: no such folder, no such ref, no desired state in it.
    case invalid([Diagnostic])
    /// Something outside went wrong: a network, a disk.
    case failed(Failure)

    static func invalid(
        _ code: DiagnosticCode, _ summary: String, why: String? = nil, fix: String? = nil
    ) -> TreeError {
        .invalid([Diagnostic(code, summary, why: why, fix: fix)])
    }
}
