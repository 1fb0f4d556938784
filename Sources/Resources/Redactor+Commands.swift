/// Secrets that are known by the program they are given to: `mysqldump -pSECRET`,
/// `curl -u me:SECRET`.
extension Redactor {
    /// How a program takes a secret.
    private enum Way {
        /// After an option of one letter; apart from it, or, where `isApart` is false, only in the
        /// same word.
        case option(UInt8, isApart: Bool)
        /// After the separator in the value of an option.
        case account(options: [String], separator: UInt8)
        /// After a word's prefix.
        case prefix(String)
    }

    private static let mysql = [Way.option(UInt8(ascii: "p"), isApart: false)]
    private static let apart = [Way.option(UInt8(ascii: "p"), isApart: true)]
    private static let bind = [Way.option(UInt8(ascii: "w"), isApart: true)]

    private static let ways: [String: [Way]] = [
        "mysql": mysql, "mysqldump": mysql, "mysqladmin": mysql, "mysqlimport": mysql,
        "mysqlcheck": mysql, "mysqlshow": mysql, "mysqlbinlog": mysql, "mysqlpump": mysql,
        "mariadb": mysql, "mariadb-dump": mysql, "mariadb-admin": mysql, "mariadb-import": mysql,
        "mariadb-check": mysql, "mariadb-show": mysql, "mariadb-binlog": mysql,
        "mariabackup": mysql, "mariadb-backup": mysql, "xtrabackup": mysql, "7z": mysql,
        "sshpass": apart, "mongo": apart, "mongosh": apart, "mongodump": apart,
        "mongorestore": apart, "mongoexport": apart, "mongoimport": apart,
        "ldapsearch": bind, "ldapadd": bind, "ldapmodify": bind, "ldapdelete": bind,
        "redis-cli": [.option(UInt8(ascii: "a"), isApart: true)],
        "zip": [.option(UInt8(ascii: "P"), isApart: true)],
        "unzip": [.option(UInt8(ascii: "P"), isApart: true)],
        "curl": [
            .account(
                options: ["-u", "--user", "-U", "--proxy-user"], separator: UInt8(ascii: ":"))
        ],
        "lftp": [.account(options: ["-u", "--user"], separator: UInt8(ascii: ","))],
        "smbclient": [.account(options: ["-U", "--user"], separator: UInt8(ascii: "%"))],
        "openssl": [.prefix("pass:")],
    ]

    private static let programs = WordTable([
        "mysql", "mariadb", "mariabackup", "xtrabackup", "7z", "sshpass", "mongo", "ldap",
        "redis-cli", "zip", "unzip", "curl", "lftp", "smbclient", "openssl",
    ])

    /// The secrets in one line of a shell or of crontab(5).
    static func commandSecrets(in line: ArraySlice<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = line.startIndex
        while index < line.endIndex {
            let isStart = index == line.startIndex || line[index - 1].endsProgram
            guard isStart, programs[line[index]].contains(where: { line.holds($0, at: index) })
            else {
                index += 1
                continue
            }
            let end = line.end(from: index, while: \.isProgramPart)
            let isWhole = end < line.endIndex && line[end].isBlank
            let name = String(decoding: line[index..<end], as: UTF8.self)
            index = end
            guard isWhole, let ways = ways[name] else { continue }
            var arguments = Arguments(line: line, index: end)
            while let word = arguments.next() {
                // Another program, as after `then` or `sudo`: its turn comes.
                if Self.ways[program(line[word])] != nil { break }
                for way in ways {
                    if let secret = secret(taken: way, in: word, of: line, &arguments) {
                        ranges.append(secret)
                    }
                }
            }
        }
        return ranges
    }

    /// A program's name without its folder.
    private static func program(_ word: ArraySlice<UInt8>) -> String {
        let start = word.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? word.startIndex
        return String(decoding: word[start...], as: UTF8.self)
    }

    private static func secret(
        taken way: Way, in word: Range<Int>, of line: ArraySlice<UInt8>,
        _ arguments: inout Arguments
    ) -> Range<Int>? {
        let text = line[word]
        switch way {
        case .option(let letter, let isApart):
            guard text.count >= 2, text.first == UInt8(ascii: "-"),
                text[text.startIndex + 1] == letter
            else { return nil }
            if text.count > 2 { return value(text.startIndex + 2..<text.endIndex, line) }
            guard isApart, let next = arguments.next() else { return nil }
            return value(next, line)
        case .account(let options, let separator):
            let word = String(decoding: text, as: UTF8.self)
            guard let option = options.first(where: word.hasPrefix) else { return nil }
            var start = text.startIndex + option.utf8.count
            if start == text.endIndex {
                guard let next = arguments.next() else { return nil }
                return value(next, line, after: separator)
            }
            let isLong = option.hasPrefix("--")
            if line[start] == UInt8(ascii: "=") { start += 1 } else if isLong { return nil }
            return value(start..<text.endIndex, line, after: separator)
        case .prefix(let prefix):
            guard String(decoding: text, as: UTF8.self).hasPrefix(prefix) else { return nil }
            return value(text.startIndex + prefix.utf8.count..<text.endIndex, line)
        }
    }

    /// A value without its quotes, from behind the separator on; nil where it is a variable, or
    /// numbers as of users and groups.
    private static func value(
        _ range: Range<Int>, _ line: ArraySlice<UInt8>, after separator: UInt8? = nil
    ) -> Range<Int>? {
        var range = range
        if let first = line[range].first, first.isQuote {
            let isClosed = range.count > 1 && line[range.upperBound - 1] == first
            range = range.lowerBound + 1..<range.upperBound - (isClosed ? 1 : 0)
        }
        if let separator {
            guard let position = line[range].firstIndex(of: separator) else { return nil }
            range = position + 1..<range.upperBound
        }
        let isVariable = line[range].first == UInt8(ascii: "$")
        return range.isEmpty || isVariable ? nil : range
    }
}

/// The words after a program's name, up to the next command; a quoted part is one word.
private struct Arguments {
    let line: ArraySlice<UInt8>
    var index: Int

    mutating func next() -> Range<Int>? {
        let start = line.end(from: index, while: \.isBlank)
        index = start
        var quote: UInt8?
        while index < line.endIndex {
            let byte = line[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte.isBlank || byte.endsCommand {
                break
            }
            if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'") { index += 1 }
            index += 1
        }
        index = min(index, line.endIndex)
        return start < index ? start..<index : nil
    }
}

extension UInt8 {
    fileprivate var isProgramPart: Bool { isLetter || isDigit || self == UInt8(ascii: "-") }

    /// What stands before a program's name.
    fileprivate var endsProgram: Bool {
        isBlank || isQuote || endsCommand || self == UInt8(ascii: "/") || self == UInt8(ascii: "(")
    }

    fileprivate var endsCommand: Bool {
        self == UInt8(ascii: "|") || self == UInt8(ascii: ";") || self == UInt8(ascii: "&")
    }
}
