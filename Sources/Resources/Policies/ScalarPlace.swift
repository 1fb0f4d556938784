package import Expressions
package import YAML

/// Where the parts of a scalar's text stand in its file: what quotes, escapes and folded lines have
/// moved is found again.
///
/// The file is read beside the text. Where the two don't agree, as after an alias, the scalar's own
/// place is all that is known.
package struct ScalarPlace: Sendable {
    private let source: SourceText
    private let node: Node

    package init(_ node: Node, in source: SourceText) {
        self.node = node
        self.source = source
    }

    /// The mark of a part of the text; the scalar's own where that can't be known.
    package func mark(of span: Span?) -> Mark {
        guard let span, let text = node.text else { return node.mark }
        var reading = ScalarReading(source, from: node.mark, text: Array(text.unicodeScalars))
        guard let places = reading.places() else { return node.mark }
        let first = places[min(span.start, places.count - 1)]
        let last = places[min(span.start + max(1, span.length) - 1, places.count - 1)]
        let length = first.line == last.line ? last.column - first.column + 1 : 1
        return Mark(line: first.line, column: first.column, length: length)
    }
}

/// One walk through a file along the text of a scalar.
private struct ScalarReading {
    /// From 1.
    struct Place {
        var line: Int
        var column: Int
    }

    private enum Style {
        case plain
        case singleQuoted
        case doubleQuoted
        case block
    }

    private let scalars: [Unicode.Scalar]
    private let text: [Unicode.Scalar]
    private var position = 0
    private var place: Place

    /// The most of a file that is read for one text, in bytes: more than an expression can have,
    /// escapes and indentation included.
    private static let sizeLimit = 256 << 10

    init(_ source: SourceText, from mark: Mark, text: [Unicode.Scalar]) {
        let bytes = source.bytes
        var start = bytes.startIndex
        for _ in 1..<max(1, Int(mark.line)) {
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { break }
            start = end + 1
        }
        let body = String(decoding: bytes[start...].prefix(Self.sizeLimit), as: UTF8.self)
        scalars = Array(body.unicodeScalars.dropFirst(Int(mark.column) - 1))
        place = Place(line: Int(mark.line), column: Int(mark.column))
        self.text = text
    }

    /// The place of each scalar of the text, and of its end; nil where the file says another text.
    mutating func places() -> [Place]? {
        skipProperties()
        let style = begin()
        var places: [Place] = []
        places.reserveCapacity(text.count + 1)
        var end = place
        while places.count < text.count {
            let wanted = text[places.count]
            if style == .doubleQuoted, next == "\\" {
                let start = place
                guard let escaped = escape() else { continue }
                guard escaped == wanted else { return nil }
                places.append(start)
            } else if wanted.isBlank {
                // A run of blanks stands for a run of blanks, however lines were folded.
                let start = place
                guard skipBlanks() || style == .block else { return nil }
                while places.count < text.count, text[places.count].isBlank { places.append(start) }
                continue
            } else {
                // A block's indentation.
                if places.isEmpty { _ = skipBlanks() }
                guard next == wanted else { return nil }
                places.append(place)
                advance()
                if style == .singleQuoted, wanted == "'" { advance() }
            }
            end = place
        }
        return places + [end]
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func advance() {
        guard let scalar = next else { return }
        position += 1
        place =
            scalar == "\n"
            ? Place(line: place.line + 1, column: 1)
            : Place(line: place.line, column: place.column + 1)
    }

    /// Passes over blanks and line breaks; false when there are none.
    private mutating func skipBlanks() -> Bool {
        let start = position
        while let scalar = next, scalar.isBlank { advance() }
        return position > start
    }

    /// Anchors and tags before the scalar.
    private mutating func skipProperties() {
        while next == "&" || next == "!" {
            while let scalar = next, !scalar.isBlank { advance() }
            _ = skipBlanks()
        }
    }

    private mutating func begin() -> Style {
        switch next {
        case "'":
            advance()
            return .singleQuoted
        case "\"":
            advance()
            return .doubleQuoted
        case "|", ">":
            while let scalar = next, scalar != "\n" { advance() }
            return .block
        default: return .plain
        }
    }

    /// What an escape stands for; nil for one that joins two lines, or that YAML does not have.
    private mutating func escape() -> Unicode.Scalar? {
        advance()
        guard let letter = next else { return nil }
        advance()
        switch letter {
        case "x": return hexadecimal(2)
        case "u": return hexadecimal(4)
        case "U": return hexadecimal(8)
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "0": return "\0"
        case "\n", "\r":
            _ = skipBlanks()
            return nil
        default: return letter
        }
    }

    private mutating func hexadecimal(_ count: Int) -> Unicode.Scalar? {
        var digits = ""
        for _ in 0..<count {
            guard let digit = next else { return nil }
            digits.unicodeScalars.append(digit)
            advance()
        }
        return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
    }
}

extension Unicode.Scalar {
    fileprivate var isBlank: Bool { self == " " || self == "\t" || self == "\n" || self == "\r" }
}
