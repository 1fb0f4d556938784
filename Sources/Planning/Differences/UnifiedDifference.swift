import Resources

/// The difference of two texts in the unified format of POSIX `diff -u`, hunks only.
package struct UnifiedDifference: Sendable {
    /// Where a line stands: in the old text, in the new one, or in both.
    package enum Side: Sendable {
        case common
        case removed
        case added
    }

    /// A line of a hunk.
    package struct Line: Sendable {
        package var side: Side
        /// The line's number in the new text for one that was added, else in the old; from 0.
        package var number: Int
    }

    /// Changes that stand near each other, with their surroundings.
    package struct Hunk: Sendable {
        /// The lines of the old text that it covers, from 0.
        package var old: Range<Int>
        package var new: Range<Int>
        package var lines: [Line]
    }

    package let hunks: [Hunk]
    package let added: Int
    package let removed: Int
    private let table: LineTable

    /// How many common lines surround a change.
    package static let contextLines = 3

    package init(_ old: [UInt8], _ new: [UInt8]) {
        table = LineTable(old, new)
        let script = EditScript(from: table.oldIDs, to: table.newIDs)
        hunks = HunkAssembly(script).hunks
        added = script.inserted.count { $0 }
        removed = script.deleted.count { $0 }
    }

    /// As `diff -u` prints it; empty when the texts are equal.
    package var text: String {
        render(table.old.map(\.self), table.new.map(\.self), changed: { _ in [] })
    }

    /// The same without secrets.
    ///
    /// The texts were compared as they are: a secret that changed shows as a changed line, marked
    /// where both sides would look the same.
    package var redactedText: String {
        let (old, oldHidden) = Self.redacted(table.old)
        let (new, newHidden) = Self.redacted(table.new)
        guard !(oldHidden.isEmpty && newHidden.isEmpty) else { return text }
        return render(old, new) { hunk in
            let hidden = hunk.lines.filter { $0.side != .common }.filter {
                $0.side == .added ? newHidden.contains($0.number) : oldHidden.contains($0.number)
            }
            let removed = Set(hidden.filter { $0.side == .removed }.map { old[$0.number] })
            let added = Set(hidden.filter { $0.side == .added }.map { new[$0.number] })
            return removed.intersection(added)
        }
    }

    /// All lines as they may be shown, and the numbers of those that are not as they were.
    private static func redacted(
        _ lines: [ArraySlice<UInt8>]
    ) -> ([ArraySlice<UInt8>], hidden: Set<Int>) {
        var redactor = Redactor()
        var shown = lines
        var hidden: Set<Int> = []
        for (number, line) in lines.enumerated() {
            let isEnded = line.last == 0x0A
            guard let safe = redactor.redaction(of: isEnded ? line.dropLast() : line) else {
                continue
            }
            shown[number] = (isEnded ? safe + [0x0A] : safe)[...]
            hidden.insert(number)
        }
        return (shown, hidden)
    }

    private func render(
        _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>],
        changed: (Hunk) -> Set<ArraySlice<UInt8>>
    ) -> String {
        var text: [UInt8] = []
        for hunk in hunks {
            text += "@@ -\(Self.span(hunk.old)) +\(Self.span(hunk.new)) @@\n".utf8
            let marked = changed(hunk)
            for line in hunk.lines {
                let content = line.side == .added ? new[line.number] : old[line.number]
                let isMarked = line.side != .common && marked.contains(content)
                Self.append(line.side, content, isMarked: isMarked, to: &text)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(
        _ side: Side, _ line: ArraySlice<UInt8>, isMarked: Bool, to text: inout [UInt8]
    ) {
        switch side {
        case .common: text.append(UInt8(ascii: " "))
        case .removed: text.append(UInt8(ascii: "-"))
        case .added: text.append(UInt8(ascii: "+"))
        }
        let isEnded = line.last == 0x0A
        text += isEnded ? line.dropLast() : line
        if isMarked { text += PlannedDifference.changedMark.utf8 }
        text.append(0x0A)
        if !isEnded { text += "\\ No newline at end of file\n".utf8 }
    }

    /// `START,COUNT` as diff counts: from 1, the line before for an empty range, `,1` left out.
    private static func span(_ range: Range<Int>) -> String {
        let start = range.isEmpty ? range.lowerBound : range.lowerBound + 1
        return range.count == 1 ? "\(start)" : "\(start),\(range.count)"
    }
}
