package import Diagnostics
package import Resources

/// A resource that has moved since it was planned: what the plan saw, what is there now, and what
/// git wants.
package struct MovedText: Sendable {
    private let terminal: Terminal
    private let differences: DifferenceText

    package init(terminal: Terminal = Terminal(isColoured: false), isFull: Bool = false) {
        self.terminal = terminal
        differences = DifferenceText(terminal: terminal, isFull: isFull)
    }

    /// Both states against what git wants, each line with its line feed.
    package func render(_ planned: PlannedChange, now: Assessment) -> String {
        let address = planned.address.description.onOneLine
        let headline = terminal.paint("\(address) has moved since it was planned", .red, .bold)
        let goal = planned.action == .delete ? "its delete" : "git"
        var lines = ["\(headline)  \(planned.server.onOneLine)"]
        lines.append(terminal.paint("  from what the plan saw to \(goal):", .bold))
        lines += differences.lines(of: planned.differences, action: planned.action)
        lines.append(terminal.paint("  from what is there now to \(goal):", .bold))
        let left = now.changes.map { PlannedDifference($0) }
        lines += differences.lines(of: left, action: planned.action)
        if left.isEmpty { lines.append("    nothing differs any more") }
        return Terminal.lines(lines)
    }
}
