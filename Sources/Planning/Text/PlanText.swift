package import Diagnostics
import Resources

/// A plan as text: a line a resource, then what differs, and a last line that counts.
package struct PlanText: Sendable {
    private let terminal: Terminal
    /// Whether everything is shown, however long.
    private let isFull: Bool
    private let differences: DifferenceText

    /// From this many unknown resources of one host and one reason on, only the first are listed.
    private static let unknownLimit = 5
    /// From this many changed lines on, the same difference is shown once only.
    private static let foldedLength = 3

    package init(terminal: Terminal = Terminal(isColoured: false), isFull: Bool = false) {
        self.terminal = terminal
        self.isFull = isFull
        differences = DifferenceText(terminal: terminal, isFull: isFull)
    }

    /// The whole plan, each line with its line feed.
    ///
    /// A plan of which there is nothing to say is its last line only.
    package func render(_ plan: Plan) -> String {
        var text = ""
        write(plan) { text += $0 }
        return text
    }

    /// The same, piece by piece, so that a large plan's text is never held whole.
    package func write(_ plan: Plan, to output: (String) -> Void) {
        let columns = Columns(plan.changes + plan.denied.map(\.change))
        var shown: [PlannedContent: Address] = [:]
        for change in plan.changes {
            output(headline(of: change, columns) + "\n" + body(of: change, &shown))
        }
        for denied in plan.denied {
            output(headline(of: denied, columns) + "\n" + body(of: denied.change, &shown))
        }
        output(refusedText(plan.refused))
        output(unknownText(plan.unknown))
        output(forgottenText(plan.forgotten))
        output(RemarkText(terminal: terminal, isFull: isFull).render(plan))
        if let rollout = plan.rollout { output(Terminal.sanitized(rollout.line) + "\n") }
        if let held = plan.deletesHeld { output(heldText(held, plan.deleteCap)) }
        output(summary(of: plan.counts) + "\n")
    }

    /// The last line, without its line feed.
    package func summary(of counts: Plan.Counts) -> String {
        var parts: [(Int, String, Terminal.Style)] = [
            (counts.create, "to create", .green), (counts.update, "to update", .yellow),
            (counts.delete, "to delete", .red), (counts.drift, "drifted", .magenta),
            (counts.unknown, "unknown", .cyan), (counts.unchanged, "unchanged", .dim),
        ]
        // Rare, and so told only where there is one.
        if counts.denied > 0 { parts.insert((counts.denied, "denied", .red), at: 4) }
        if counts.refused > 0 { parts.insert((counts.refused, "refused", .red), at: 4) }
        let told = parts.map { count, word, style in
            count > 0 ? terminal.paint("\(count) \(word)", style) : "\(count) \(word)"
        }
        return "Plan: " + told.joined(separator: ", ") + "."
    }

    /// `~ file/motd  in3  desired/files/motd.yaml:1  (why)`, without a line feed.
    package func headline(of change: PlannedChange) -> String {
        headline(of: change, Columns([change]))
    }

    /// A change that is not made: what it would be, and who denies it.
    private func headline(of denied: Plan.Denied, _ columns: Columns) -> String {
        let reason = "\(denied.change.action.rawValue) \(denied.reason.onOneLine)"
        return headline(of: denied.change, columns, denied: reason)
    }

    private func headline(
        of change: PlannedChange, _ columns: Columns, denied: String? = nil
    ) -> String {
        let style = denied == nil ? change.action.style : .red
        let glyph = denied == nil ? change.action.glyph : "x"
        let address = change.address.description.onOneLine
        var parts = [
            terminal.paint("\(glyph) \(address)", style, .bold)
                + columns.padding(after: address, to: columns.address),
            change.server.onOneLine
                + columns.padding(after: change.server.onOneLine, to: columns.server),
        ]
        if let location = change.location {
            parts.append("\(location.file):\(location.line)".onOneLine)
        }
        if let denied { parts.append(terminal.paint(denied, .red)) }
        if let reason = reason(for: change) { parts.append(terminal.paint("(\(reason))", .dim)) }
        let line = parts.joined(separator: "  ")
        return parts.count > 2 ? line : String(line.trimmingSuffix(" "))
    }

    private func reason(for change: PlannedChange) -> String? {
        let hasOwnNote = change.cause == .unfinished && change.note != nil
        let words = hasOwnNote ? nil : change.cause.words(for: change.action)
        let all = [words, change.note?.onOneLine].compactMap(\.self)
        return all.isEmpty ? nil : all.joined(separator: "; ")
    }

    /// What differs.
    ///
    /// The same long difference of many files is shown once.
    private func body(of change: PlannedChange, _ shown: inout [PlannedContent: Address]) -> String
    {
        let lines = differences.lines(of: change.differences, action: change.action) { content in
            isFull ? nil : shown[content]
        }
        for content in change.differences.compactMap(\.content)
        where content.added + content.removed >= Self.foldedLength {
            shown[content] = shown[content] ?? change.address
        }
        let losses = LossText(terminal: terminal).lines(of: change.losses ?? [])
        return Terminal.lines(losses + lines)
    }

    /// Each with its reason: what depends on it follows, as unknown.
    private func refusedText(_ refused: [Plan.Unknown]) -> String {
        refused.map { resource in
            var line = terminal.paint("✗ \(resource.address.description.onOneLine)", .red, .bold)
            line += "  \(resource.server.onOneLine)"
            if let place = resource.location { line += "  \(place.file):\(place.line)".onOneLine }
            return line + "  refused: \(resource.reason.onOneLine)\n" + details(of: resource)
        }.joined()
    }

    private func unknownText(_ unknown: [Plan.Unknown]) -> String {
        var text = ""
        var listed: [String: Int] = [:]
        for resource in unknown {
            let key = resource.why
            let count = listed[key, default: 0]
            listed[key] = count + 1
            guard isFull || count < Self.unknownLimit else { continue }
            text += terminal.paint("? \(resource.address.description.onOneLine)", .cyan, .bold)
            text += "  \(key)\n"
            if count == 0 { text += details(of: resource) }
        }
        guard !isFull else { return text }
        for (why, count) in listed.sorted(by: { $0.key < $1.key })
        where count > Self.unknownLimit {
            text += terminal.paint("? and \(count - Self.unknownLimit) more", .cyan, .bold)
            text += "  \(why)\n"
        }
        return text
    }

    private func details(of resource: Plan.Unknown) -> String {
        let lines = (resource.detail ?? "").unicodeScalars.split(separator: "\n")
        var text = lines.prefix(isFull ? .max : 10).map { "    \(String($0).onOneLine)\n" }.joined()
        if let fix = resource.fix { text += "    fix: \(fix.onOneLine)\n" }
        return text
    }

    private func forgottenText(_ forgotten: [Plan.Forgotten]) -> String {
        forgotten.map { resource in
            let address = resource.address.description.onOneLine
            let reason =
                switch resource.reason {
                case .gone: "already gone"
                case .found: "left in place: it was there before Stead"
                case .takenOver: "now \(resource.by?.description.onOneLine ?? "another")"
                case .serverRemoved: "no longer declared"
                }
            return terminal.paint("  \(address)  \(resource.server): \(reason)", .dim) + "\n"
        }.joined()
    }

    private func heldText(_ held: HeldDeletes, _ cap: DeleteCap) -> String {
        let allowed = held.allowed.map { ", and more than the \($0) that are allowed" } ?? ""
        return terminal.paint("Held: \(held.count) deletes are too many for one run.", .red, .bold)
            + "\n  The limit is \(held.limit): the larger of policy.maxDeletes (\(cap.maxDeletes))"
            + " and 10 % of the \(cap.owned) resources that Stead owns\(allowed).\n"
            + "  Nothing is applied until a person allows them: `stead apply \(held.flag)`, or "
            + "`stead approve` where a controller runs\n"
    }
}

extension Plan.Unknown {
    /// `in3: connection refused`.
    fileprivate var why: String { "\(server.onOneLine): \(reason.onOneLine)" }
}
