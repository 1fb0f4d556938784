/// Diagnostics as text: the place, the line, a caret, and what to do.
package struct DiagnosticText: Sendable {
    private let terminal: Terminal

    package init(terminal: Terminal = Terminal(isColoured: false)) {
        self.terminal = terminal
    }

    /// All diagnostics in order of place, a blank line between, and a last line that counts them.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "" }
        let blocks = diagnostics.inOrderOfPlace.map(render).joined(separator: "\n")
        return blocks + "\n" + summary(of: diagnostics) + "\n"
    }

    /// One diagnostic, a line break at its end.
    package func render(_ diagnostic: Diagnostic) -> String {
        var lines = [headline(of: diagnostic)]
        if let location = diagnostic.location, let excerpt = diagnostic.excerpt {
            lines += excerptLines(excerpt, at: location, severity: diagnostic.severity)
        }
        for related in diagnostic.related {
            let place = terminal.paint(clean(related.location.description), .bold)
            lines.append("  \(place): \(clean(related.message))")
        }
        if let why = diagnostic.why { lines.append("  why: \(clean(why))") }
        if let fix = diagnostic.fix { lines.append("  fix: \(clean(fix))") }
        return Terminal.lines(lines)
    }

    private func headline(of diagnostic: Diagnostic) -> String {
        let place =
            diagnostic.location.map { terminal.paint(clean("\($0):"), .bold) + " " } ?? ""
        let label = "\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]:"
        return place + terminal.paint(label, colour(diagnostic.severity), .bold)
            + " " + clean(diagnostic.summary)
    }

    /// Messages hold what documents say, which may be meant for the terminal.
    private func clean(_ text: String) -> String { Terminal.sanitized(text) }

    private func excerptLines(
        _ excerpt: String, at location: SourceLocation, severity: Diagnostic.Severity
    ) -> [String] {
        // A very long line is cut round the caret, so that a minified file stays readable.
        let width = 160
        let scalars = Array(Terminal.sanitized(excerpt).unicodeScalars)
        // The excerpt itself has a limit, and may end before the caret's place.
        guard location.column <= scalars.count + 1 else { return [] }
        let start = location.column > width / 2 ? location.column - width / 2 : 0
        let shown = scalars.dropFirst(start).prefix(width).map { $0 == "\t" ? " " : $0 }
        let number = String(location.line)
        let before = max(0, location.column - 1 - start)
        let carets = String(
            repeating: "^", count: max(1, min(location.length, shown.count - before)))
        let margin = String(repeating: " ", count: number.count)
        return [
            "  \(terminal.paint(number + " |", .dim)) "
                + String(String.UnicodeScalarView(shown)),
            "  \(margin) \(terminal.paint("|", .dim)) " + String(repeating: " ", count: before)
                + terminal.paint(carets, colour(severity)),
        ]
    }

    private func summary(of diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        let warnings = diagnostics.count - errors
        let parts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
        return parts.map { $0.0.counted($0.1) }.joined(separator: ", ")
    }

    private func colour(_ severity: Diagnostic.Severity) -> Terminal.Style {
        severity == .error ? .red : .yellow
    }
}

extension Terminal {
    /// The lines joined, each with its line break.
    package static func lines(_ lines: [String]) -> String {
        lines.map { $0 + "\n" }.joined()
    }
}

extension [Diagnostic] {
    /// By file, line and column; those without a place first.
    package var inOrderOfPlace: [Diagnostic] {
        let indexed = enumerated().sorted { left, right in
            switch (left.element.location, right.element.location) {
            case (nil, nil): left.offset < right.offset
            case (nil, _): true
            case (_, nil): false
            case (let first?, let second?):
                first == second ? left.offset < right.offset : first < second
            }
        }
        return indexed.map(\.element)
    }

    package var hasErrors: Bool { contains { $0.severity == .error } }
}
