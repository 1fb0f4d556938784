import Diagnostics

extension String {
    /// Safe for a terminal, and without a line break or a tab.
    var onOneLine: String {
        let safe = Terminal.sanitized(self)
        guard safe.utf8.contains(where: { $0 == 0x0A || $0 == 0x09 }) else { return safe }
        var line = UnicodeScalarView()
        for scalar in safe.unicodeScalars {
            line.append(scalar == "\n" ? "\u{240A}" : scalar == "\t" ? "\u{2409}" : scalar)
        }
        return String(line)
    }

    func trimmingSuffix(_ character: Character) -> Substring {
        var rest = self[...]
        while rest.last == character { rest = rest.dropLast() }
        return rest
    }
}
