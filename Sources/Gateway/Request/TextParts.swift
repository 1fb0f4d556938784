extension StringProtocol {
    /// The parts between commas; a comma is one, whatever sign stands behind it.
    var commaParts: [String] {
        utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

extension String {
    /// The same without signs that stand for other text.
    var escaped: String {
        var text = ""
        for scalar in unicodeScalars {
            if "!%_".unicodeScalars.contains(scalar) { text.append("!") }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    /// A pattern in which `*` stands for any text, as does `%`.
    var asPattern: String {
        var pattern = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "*": pattern.append("%")
            case "!": pattern.append("!!")
            default: pattern.unicodeScalars.append(scalar)
            }
        }
        return pattern
    }
}

extension Substring {
    /// The parts between the commas that lie in no bracket.
    var topLevelParts: [Substring] {
        guard !isEmpty else { return [] }
        var parts: [Substring] = []
        var depth = 0
        var start = startIndex
        for index in utf8.indices {
            switch utf8[index] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: ",") where depth == 0:
                parts.append(self[start..<index])
                start = utf8.index(after: index)
            default: break
            }
        }
        parts.append(self[start...])
        return parts
    }

    /// Where a text first stands, whatever sign follows it.
    func range(ofPart text: String) -> Range<Index>? {
        utf8.firstRange(of: text.utf8)
    }
}
