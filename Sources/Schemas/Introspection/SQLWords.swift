/// The words of a piece of SQL: what it takes to find one's way in a definition.
struct SQLWords {
    /// One word.
    struct Word: Equatable {
        /// What sort of word.
        enum Sort { case name, quotedName, text, number, mark }

        var sort: Sort
        /// Without its quotes.
        var text: String
        /// Where it stands, in bytes.
        var range: Range<Int>
    }

    let bytes: [UInt8]
    private(set) var words: [Word] = []

    let engine: DatabaseEngine

    init(_ sql: String, _ engine: DatabaseEngine) {
        self.engine = engine
        bytes = Array(sql.utf8)
        var position = 0
        while let word = next(&position) { words.append(word) }
    }

    /// The SQL between two words, both included.
    func text(from first: Int, through last: Int) -> String {
        guard first <= last, first < words.count else { return "" }
        let range = words[first].range.lowerBound..<words[last].range.upperBound
        return String(decoding: bytes[range], as: UTF8.self)
    }

    /// Whether the word is this keyword.
    func isKeyword(_ index: Int, _ keyword: String) -> Bool {
        guard words.indices.contains(index), words[index].sort == .name else { return false }
        return words[index].text.uppercased() == keyword
    }

    /// Whether the word is this mark.
    func isMark(_ index: Int, _ mark: String) -> Bool {
        words.indices.contains(index) && words[index].sort == .mark && words[index].text == mark
    }

    /// The index of the bracket that closes the one at `open`; the last word if none does.
    func closing(_ open: Int) -> Int {
        var depth = 0
        for index in open..<words.count {
            if isMark(index, "(") { depth += 1 }
            if isMark(index, ")") {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return words.count - 1
    }

    /// The parts between the commas of a bracket's own level, as ranges of words.
    func parts(inBracket open: Int) -> [Range<Int>] {
        let end = closing(open)
        var parts: [Range<Int>] = []
        var start = open + 1
        var index = start
        while index < end {
            if isMark(index, "(") {
                index = closing(index) + 1
                continue
            }
            if isMark(index, ",") {
                parts.append(start..<index)
                start = index + 1
            }
            index += 1
        }
        if start < end { parts.append(start..<end) }
        return parts
    }

    // MARK: - Reading

    private func next(_ position: inout Int) -> Word? {
        skipBlanks(&position)
        guard position < bytes.count else { return nil }
        let start = position
        switch bytes[position] {
        case UInt8(ascii: "'"):
            return quoted(&position, closing: bytes[start], .text, escapes: engine == .mariadb)
        case UInt8(ascii: "\""), UInt8(ascii: "`"):
            // MariaDB's text may stand in these quotes.
            let escapes = engine == .mariadb && bytes[start] == UInt8(ascii: "\"")
            return quoted(&position, closing: bytes[start], .quotedName, escapes: escapes)
        case UInt8(ascii: "[") where engine == .sqlite:
            return quoted(&position, closing: UInt8(ascii: "]"), .quotedName)
        case UInt8(ascii: "E") where isEscapeText(start),
            UInt8(ascii: "e") where isEscapeText(start):
            position += 1
            var word = quoted(&position, closing: UInt8(ascii: "'"), .text, escapes: true)
            word.range = start..<position
            return word
        case let byte where isWordByte(byte):
            while position < bytes.count, isWordByte(bytes[position]) { position += 1 }
            let isNumber = (0x30...0x39).contains(byte)
            return word(start..<position, isNumber ? .number : .name)
        default:
            position += 1
            return word(start..<position, .mark)
        }
    }

    /// PostgreSQL's `E'…'`, in which a backslash escapes.
    private func isEscapeText(_ start: Int) -> Bool {
        engine == .postgres && start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "'")
    }

    private func word(_ range: Range<Int>, _ sort: Word.Sort) -> Word {
        Word(sort: sort, text: String(decoding: bytes[range], as: UTF8.self), range: range)
    }

    /// Two of the closing mark stand for one.
    private func quoted(
        _ position: inout Int, closing: UInt8, _ sort: Word.Sort, escapes: Bool = false
    ) -> Word {
        let start = position
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            if escapes, bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count {
                position += 1
                text.append(Self.escaped(bytes[position]))
                position += 1
                continue
            }
            if bytes[position] == closing {
                let isDoubled = position + 1 < bytes.count && bytes[position + 1] == closing
                guard isDoubled else { break }
                position += 1
            }
            text.append(bytes[position])
            position += 1
        }
        position = min(position + 1, bytes.count)
        return Word(
            sort: sort, text: String(decoding: text, as: UTF8.self), range: start..<position)
    }

    /// What a backslash and this letter stand for.
    private static func escaped(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "0"): 0
        default: letter
        }
    }

    private func skipBlanks(_ position: inout Int) {
        while position < bytes.count {
            let rest = bytes[position...]
            if rest.starts(with: "--".utf8), isLineComment(position) {
                position = rest.firstIndex(of: 0x0A) ?? bytes.count
            } else if rest.starts(with: "/*".utf8) {
                skipComment(&position)
            } else if bytes[position] <= 0x20 {
                position += 1
            } else {
                return
            }
        }
    }

    /// MariaDB wants a blank after the dashes: `1--2` is 3 there.
    private func isLineComment(_ position: Int) -> Bool {
        engine != .mariadb || position + 2 >= bytes.count || bytes[position + 2] <= 0x20
    }

    /// PostgreSQL's comments may lie in each other.
    private func skipComment(_ position: inout Int) {
        var depth = 1
        position += 2
        while position < bytes.count, depth > 0 {
            let rest = bytes[position...]
            if rest.starts(with: "*/".utf8) {
                depth -= 1
                position += 2
            } else if engine == .postgres, rest.starts(with: "/*".utf8) {
                depth += 1
                position += 2
            } else {
                position += 1
            }
        }
        position = min(position, bytes.count)
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x24, 0x2E, 0x80...: true
        default: false
        }
    }
}
