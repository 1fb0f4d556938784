package import Diagnostics
package import Resources

/// The differences of one resource as lines, indented by four.
package struct DifferenceText: Sendable {
    private let terminal: Terminal
    private let isFull: Bool

    /// How many lines of a file that comes or goes are shown.
    private static let wholeFileLimit = 40
    /// How many lines of a difference are shown.
    private static let differenceLimit = 400
    /// How many scalars of one line are shown.
    private static let lineLimit = 1000

    package init(terminal: Terminal, isFull: Bool = false) {
        self.terminal = terminal
        self.isFull = isFull
    }

    /// The lines, without line feeds.
    ///
    /// A content for which `known` has an address was shown there before, and is only mentioned.
    package func lines(
        of differences: [PlannedDifference], action: PlannedChange.Action,
        known: (PlannedContent) -> Address? = { _ in nil }
    ) -> [String] {
        differences.flatMap { difference in
            let first = difference.content.flatMap(known)
            return lines(of: difference, action: action, shownFor: first)
        }.map { "    " + $0 }
    }

    private func lines(
        of difference: PlannedDifference, action: PlannedChange.Action, shownFor first: Address?
    ) -> [String] {
        let subject = difference.subject.onOneLine
        if let content = difference.content {
            guard let first else { return lines(of: content, subject) }
            let reference = "the same as for \(first.description.onOneLine)"
            return ["\(subject): \(terminal.paint(reference, .dim))"]
        }
        switch (difference.old, difference.new) {
        // What goes as a whole has no attributes any more, and what comes has had none.
        case (_, nil) where action == .delete: return []
        case (nil, let new?) where action != .update: return ["\(subject): \(shown(new))"]
        case (let old, let new):
            let sides = [old, new].map { $0.map(shown) ?? "(none)" }
            return ["\(subject): \(sides[0]) → \(sides[1])"]
        }
    }

    private func shown(_ value: String) -> String { cut(value.onOneLine) }

    private func lines(of content: PlannedContent, _ subject: String) -> [String] {
        guard let diff = content.diff else {
            return ["\(subject): (\(content.form.words)\(measures(of: content)))"]
        }
        guard !diff.isEmpty else { return ["\(subject): empty"] }
        let isWhole = content.old == nil || content.new == nil
        // By scalars: as characters, a carriage return and a line feed are one.
        var lines = diff.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast()
        if isWhole { lines = lines.dropFirst() }
        let limit = isWhole ? Self.wholeFileLimit : Self.differenceLimit
        let hidden = isFull ? 0 : max(0, lines.count - limit)
        var text = ["\(subject):"]
        text += lines.dropLast(hidden).map { painted(String($0)) }
        if hidden > 0 {
            text.append(terminal.paint("… \(hidden) more lines: `--full` shows all", .dim))
        }
        return text
    }

    /// `, 12 → 14 lines`, or bytes where lines are not known.
    private func measures(of content: PlannedContent) -> String {
        let sides = [content.old, content.new].compactMap(\.self)
        let isCounted = sides.allSatisfy { $0.lines != nil }
        let isMeasured = sides.allSatisfy { $0.sizeBytes != nil }
        let sizes =
            content.form != .binary && isCounted
            ? sides.map { Self.count($0.lines, "line") }
            : isMeasured ? sides.map { Self.count($0.sizeBytes, "byte") } : []
        let digests = sides.compactMap { $0.digest.map { "SHA-256 \($0.short)" } }
        return [sizes, digests].filter { !$0.isEmpty }
            .map { ", " + $0.joined(separator: " → ") }.joined()
    }

    private static func count(_ number: Int?, _ word: String) -> String {
        (number ?? 0).counted(word)
    }

    private func painted(_ line: String) -> String {
        let safe = cut(Terminal.sanitized(line))
        return switch line.unicodeScalars.first {
        case "+": terminal.paint(safe, .green)
        case "-": terminal.paint(safe, .red)
        case "@": terminal.paint(safe, .cyan)
        case "\\": terminal.paint(safe, .dim)
        default: safe
        }
    }

    private func cut(_ text: String) -> String {
        let count = text.unicodeScalars.count
        guard !isFull, count > Self.lineLimit else { return text }
        let start = String(text.unicodeScalars.prefix(Self.lineLimit))
        return start + "… \(count - Self.lineLimit) more characters"
    }
}

extension PlannedContent.Form {
    fileprivate var words: String {
        switch self {
        case .text: "text"
        case .binary: "binary"
        case .unread: "too large to show"
        case .sensitive: "sensitive"
        }
    }
}
