import Testing

/// Reads a unified difference as POSIX `patch` does, strictly: no fuzz, no offset.
enum Patch {
    static func apply(_ patch: String, to old: String) throws -> String {
        var source = lines(of: old)[...]
        var taken = 0
        var result: [String] = []
        var rows = lines(of: patch)[...]
        while let header = rows.popFirst() {
            var (start, count) = try oldRange(of: header)
            // An empty range names the line before it.
            start = count == 0 ? start : start - 1
            while taken < start {
                let line = source.popFirst()
                result.append(try #require(line))
                taken += 1
            }
            while let row = rows.first, !row.hasPrefix("@@") {
                rows.removeFirst()
                var line = String(row.dropFirst())
                if rows.first?.hasPrefix("\\") == true {
                    rows.removeFirst()
                    line.removeLast()
                }
                if !row.hasPrefix("+") {
                    let expected = source.popFirst()
                    try #require(expected == line)
                    taken += 1
                    count -= 1
                }
                if !row.hasPrefix("-") { result.append(line) }
            }
            #expect(count == 0, "\(header) covers as many lines as it says")
        }
        return (result + source).joined()
    }

    private static func oldRange(of header: String) throws -> (start: Int, count: Int) {
        let range = try #require(header.split(separator: " ").dropFirst().first).dropFirst()
        let numbers = range.split(separator: ",").compactMap { Int($0) }
        return (try #require(numbers.first), numbers.count > 1 ? numbers[1] : 1)
    }

    private static func lines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) + "\n" }
        let last = lines.removeLast()
        if last != "\n" { lines.append(String(last.dropLast())) }
        return lines
    }
}
