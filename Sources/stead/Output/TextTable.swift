import FoundationEssentials

/// Columns of text, each as wide as its widest cell; colour takes no width.
struct TextTable {
    private var rows: [[String]] = []

    mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? Self.width($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let isLast = column == row.count - 1
                let padding = isLast ? 0 : widths[column] - Self.width(cell) + 2
                line += cell + String(repeating: " ", count: padding)
            }
            return line + "\n"
        }.joined()
    }

    /// Characters that are not part of an escape sequence.
    private static func width(_ cell: String) -> Int {
        var count = 0
        var isEscape = false
        for character in cell {
            if character == "\u{1B}" {
                isEscape = true
            } else if isEscape {
                if character == "m" { isEscape = false }
            } else {
                count += 1
            }
        }
        return count
    }
}

/// Times as people read them.
enum Clock {
    /// ISO 8601 in UTC, to the second.
    static func text(_ seconds: Int) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
