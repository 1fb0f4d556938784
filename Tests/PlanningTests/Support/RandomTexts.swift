import TestSupport

/// Texts that are alike as two versions of a file are.
enum RandomTexts {
    static func pair(_ generator: inout SplitMix) -> (old: String, new: String) {
        let words = Int.random(in: 1...12, using: &generator)
        let old = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
            "line \(Int.random(in: 0..<words, using: &generator))"
        }
        var new: [String] = []
        for line in old {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: break
            case 1: new += [line, "line \(Int.random(in: 0..<words, using: &generator))"]
            case 2: new.append("other \(Int.random(in: 0..<3, using: &generator))")
            default: new.append(line)
            }
        }
        return (text(old, &generator), text(new, &generator))
    }

    private static func text(_ lines: [String], _ generator: inout SplitMix) -> String {
        let isEnded = Int.random(in: 0..<5, using: &generator) > 0
        return lines.joined(separator: "\n") + (isEnded && !lines.isEmpty ? "\n" : "")
    }
}
