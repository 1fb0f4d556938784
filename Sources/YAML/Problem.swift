package import Diagnostics

/// Something wrong with a YAML text, without the name of its file.
package struct Problem: Error, Sendable, Equatable {
    /// A second place that belongs to the problem.
    package struct Related: Sendable, Equatable {
        package var mark: Mark
        package var message: String

        package init(_ mark: Mark, _ message: String) {
            self.mark = mark
            self.message = message
        }
    }

    package var code: DiagnosticCode
    package var mark: Mark
    package var summary: String
    package var why: String?
    package var fix: String?
    package var related: Related?

    package init(
        _ code: DiagnosticCode, at mark: Mark, _ summary: String, why: String? = nil,
        fix: String? = nil, related: Related? = nil
    ) {
        self.code = code
        self.mark = mark
        self.summary = summary
        self.why = why
        self.fix = fix
        self.related = related
    }
}
