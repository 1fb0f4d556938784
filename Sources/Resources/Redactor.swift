/// Takes secrets out of text that people or files will see, line by line.
///
/// It knows values by the name before them (`password: …`), by their shape (a bearer token, a crypt
/// hash, the password of a URL), by the program they are given to (`mysqldump -pSECRET`) and by
/// their block (a private key in PEM). It would rather hide too much: a text that must be seen
/// whole should not look like a secret. Declared secrets don't pass through here, as they are never
/// shown at all.
///
/// Lines are given in order, as a block may span many of them. A line always stays one line.
package struct Redactor: Sendable {
    /// What stands in place of a secret.
    package static let mark = "«redacted»"

    /// What the lines so far have opened.
    var block = Block.none

    enum Block: Equatable {
        case none
        /// Between the two lines of a private key.
        case privateKey
        /// Below a telling name: the lines that stand further in than `column`.
        case indented(column: Int)
        /// In a quoted value that goes over several lines.
        case quoted(UInt8)
        /// After a value that ends with a backslash.
        case continued
    }

    package init() {}

    /// `text` without its secrets.
    package static func redacted(_ text: String) -> String {
        var redactor = Redactor()
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            result += redactor.redaction(of: line) ?? Array(line)
            result.append(0x0A)
        }
        return String(decoding: result.dropLast(), as: UTF8.self)
    }

    /// A message about a failure without what has the shape of a secret.
    ///
    /// A name counts only where its value is bound to it, as in `password=…`: `a password is
    /// required` stays.
    package static func redactedMessage(_ text: String) -> String {
        let lines = Array(text.utf8).split(separator: 0x0A, omittingEmptySubsequences: false)
        let shown = lines.map { line in
            let secrets =
                secretShapes(in: line) + commandSecrets(in: line) + assignedSecrets(in: line)
            return String(decoding: masked(line, secrets) ?? Array(line), as: UTF8.self)
        }
        return shown.joined(separator: "\n")
    }

    /// The next line, given without its line feed, as it may be shown; nil when it may be shown as
    /// it is.
    package mutating func redaction(of line: ArraySlice<UInt8>) -> [UInt8]? {
        // A carriage return at the end is no part of a secret, and a diff should show it.
        let body = line.last == 0x0D ? line.dropLast() : line
        guard let shown = redaction(ofBody: body) else { return nil }
        return shown + line[body.endIndex...]
    }

    private mutating func redaction(ofBody line: ArraySlice<UInt8>) -> [UInt8]? {
        switch block {
        case .none:
            break
        case .privateKey:
            guard let end = line.position(of: "-----END", from: line.startIndex) else {
                return whole(line)
            }
            block = .none
            return Self.masked(line, [line.end(from: line.startIndex, while: \.isBlank)..<end])
        case .quoted(let quote):
            if line.contains(quote) { block = .none }
            return whole(line)
        case .continued:
            if line.last != UInt8(ascii: "\\") { block = .none }
            return whole(line)
        case .indented(let column):
            if isInside(line, column: column) { return whole(line) }
            block = .none
        }
        let key = privateKey(in: line)
        return Self.masked(
            line,
            key + secretValues(in: line) + Self.secretShapes(in: line)
                + Self.commandSecrets(in: line))
    }

    private func isInside(_ line: ArraySlice<UInt8>, column: Int) -> Bool {
        let start = line.end(from: line.startIndex, while: \.isBlank)
        guard start < line.endIndex else { return true }
        let indentation = start - line.startIndex
        return indentation > column || (indentation == column && line.holds("- ", at: start))
    }

    private func whole(_ line: ArraySlice<UInt8>) -> [UInt8]? {
        Self.masked(line, [line.end(from: line.startIndex, while: \.isBlank)..<line.endIndex])
    }

    /// What a line shows of a private key after the words that open it.
    private mutating func privateKey(in line: ArraySlice<UInt8>) -> [Range<Int>] {
        guard let begin = line.position(of: "-----BEGIN ", from: line.startIndex),
            let name = line.position(of: "PRIVATE KEY", from: begin)
        else { return [] }
        let dashes = line.position(of: "-----", from: name).map { $0 + 5 } ?? line.endIndex
        if let end = line.position(of: "-----END", from: dashes) { return [dashes..<end] }
        block = .privateKey
        return [dashes..<line.endIndex]
    }

    /// `line` with the mark in place of each range; nil when there is nothing to hide.
    static func masked(_ line: ArraySlice<UInt8>, _ ranges: [Range<Int>]) -> [UInt8]? {
        let ranges = ranges.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        guard !ranges.isEmpty else { return nil }
        var result: [UInt8] = []
        var shown = line.startIndex
        var hidden = line.startIndex
        for range in ranges {
            if range.lowerBound > hidden || result.isEmpty {
                if range.lowerBound > shown { result += line[shown..<range.lowerBound] }
                result += mark.utf8
            }
            hidden = max(hidden, range.upperBound)
            shown = hidden
        }
        return result + line[shown...]
    }
}
