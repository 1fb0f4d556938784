import Diagnostics
import YAML

/// A parsed text as lines: places, shapes and values, then the problems.
enum Outline {
    static func render(_ text: ParsedText) -> String {
        var lines: [String] = []
        for document in text.documents {
            lines.append("document\(document.isSound ? "" : ", not sound")")
            append(document.root, prefix: "", depth: 1, to: &lines)
        }
        for problem in text.problems {
            lines.append("\(place(problem.mark)) \(problem.code.rawValue): \(problem.summary)")
            if let related = problem.related {
                lines.append("  \(place(related.mark)): \(related.message)")
            }
            if let why = problem.why { lines.append("  why: \(why)") }
            if let fix = problem.fix { lines.append("  fix: \(fix)") }
        }
        if !text.isComplete { lines.append("stopped") }
        return lines.map { $0 + "\n" }.joined()
    }

    static func place(_ mark: Mark) -> String {
        "\(mark.line):\(mark.column)+\(mark.length)"
    }

    private static func append(
        _ node: Node, prefix: String, depth: Int, to lines: inout [String]
    ) {
        let start = String(repeating: "  ", count: depth) + prefix + place(node.mark)
        switch node.value {
        case .scalar(let scalar):
            lines.append("\(start) \(scalar.resolved) \(scalar.text.debugDescription)")
        case .sequence(let nodes):
            lines.append("\(start) list")
            for node in nodes { append(node, prefix: "", depth: depth + 1, to: &lines) }
        case .mapping(let pairs):
            lines.append("\(start) mapping")
            for pair in pairs {
                let key = "\(place(pair.key.mark)) \(pair.key.text ?? "?"): "
                append(pair.value, prefix: key, depth: depth + 1, to: &lines)
            }
        }
    }
}
