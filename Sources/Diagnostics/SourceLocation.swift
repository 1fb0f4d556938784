/// A place in a text file. Lines and columns count from 1; a column counts Unicode scalars, as
/// libyaml's marks and most editors do.
package struct SourceLocation: Hashable, Sendable, Codable {
    /// Path relative to the root of the tree, such as `desired/sites/prokov.yaml`.
    package var file: String
    package var line: Int
    package var column: Int
    /// How many scalars the caret underlines; at least 1.
    package var length: Int

    package init(file: String, line: Int, column: Int, length: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
        self.length = max(1, length)
    }
}

extension SourceLocation: Comparable {
    package static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `FILE:LINE:COLUMN`, the form that editors and terminals make clickable.
    package var description: String { "\(file):\(line):\(column)" }
}
