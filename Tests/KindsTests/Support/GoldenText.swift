import Resources

/// What a kind makes of a document, as golden files show it.
enum GoldenText {
    static func of(_ resource: any Resource, on facts: HostFacts) throws -> String {
        let host = SampleHost(.dash, facts)
        var lines = ["\(resource.address) on \(resource.server)"]
        lines += resource.claims.map { "claims \($0.space) \($0.value) (\($0.field))" }
        let assessment = try host.assess(resource)
        for difference in assessment.differences { lines += text(of: difference) }
        let steps = assessment.steps
        for step in steps { lines += text(of: step) }
        // A transaction's text is the same for all of its steps.
        var told: Set<Transaction> = []
        for transaction in steps.compactMap(\.transaction)
        where told.insert(transaction).inserted {
            lines += ["", "\(transaction.id)", "test: \(transaction.test)", "commit:"]
            lines.append(transaction.commit)
        }
        return lines.map { $0 + "\n" }.joined()
    }

    static func text(of difference: Difference) -> [String] {
        let subject = difference.subject + (difference.isSensitive ? " (sensitive)" : "")
        switch difference.value {
        case .text(let old, let new):
            return ["* \(subject): \(old ?? "nothing") → \(new ?? "nothing")"]
        case .content(let old, let new):
            return ["* \(subject)"] + marked(old, "-") + marked(new, "+")
        }
    }

    private static func marked(_ content: Content?, _ mark: String) -> [String] {
        guard let content else { return [] }
        guard let text = content.text else { return ["  \(mark) \(content.size) bytes"] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.isEmpty ? "  \(mark)" : "  \(mark) \($0)"
        }
    }

    private static func text(of step: Step) -> [String] {
        let trace = step.leavesTrace ? "" : " (leaves no trace)"
        var lines = ["> \(step.id)\(trace)"]
        lines += step.command.arguments.map { "  argument \($0)" }
        if let input = step.command.input { lines.append("  input of \(input.size) bytes") }
        if let transaction = step.transaction { lines.append("  in \(transaction.id)") }
        return lines
    }
}
