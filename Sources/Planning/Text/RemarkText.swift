import Diagnostics
import Resources

/// What a person should know besides the changes: a line a remark.
struct RemarkText {
    let terminal: Terminal
    let isFull: Bool

    /// How many names one line holds.
    private static let itemLimit = 20

    /// The lines, each with its line feed.
    ///
    /// Where a plan is of everything, and the resource is as desired, names are only counted: they
    /// would stand there each time.
    func render(_ plan: Plan) -> String {
        let changed = Set(plan.changes.map(\.address))
        return plan.remarks.map { remark in
            let isBrief = !isFull && plan.only.isEmpty && !changed.contains(remark.address)
            let place = remark.location.map { "  \($0.file):\($0.line)" } ?? ""
            let line = "  \(remark.address)  \(remark.server)\(place): ".onOneLine
            let style: Terminal.Style = remark.items.isEmpty ? .yellow : .dim
            return terminal.paint(line + words(remark, isBrief: isBrief), style) + "\n"
        }.joined()
    }

    private func words(_ remark: Plan.Remarked, isBrief: Bool) -> String {
        let summary = remark.summary.onOneLine
        let (items, count) = (remark.items, remark.items.count)
        guard count > 0 else { return summary }
        if isBrief, count > 1 {
            return "\(summary): \(count) (--only \(remark.address) names them)".onOneLine
        }
        let hidden = isFull ? 0 : max(0, count - Self.itemLimit)
        let names = items.dropLast(hidden).joined(separator: ", ").onOneLine
        return "\(summary): \(names)" + (hidden > 0 ? ", and \(hidden) more (--format json)" : "")
    }
}
