/// The way to a field of a document: `labels.tier`, `aliases.0`, `labels."team/name"`.
package struct Path: Sendable, Equatable {
    /// One name of a path.
    package struct Segment: Sendable, Equatable {
        package let name: String
        package let span: Span

        /// Where it stands makes no difference.
        package static func == (left: Segment, right: Segment) -> Bool { left.name == right.name }
    }

    /// At least one.
    package let segments: [Segment]

    /// The first name, which says what the rest is about.
    package var root: Segment { segments[0] }
    /// Where the path stands, from its first name to its last.
    package var span: Span {
        let last = segments[segments.count - 1].span
        return Span(start: root.span.start, length: last.end - root.span.start)
    }
}

/// A part of an expression's text, in Unicode scalars from 0.
package struct Span: Sendable, Equatable {
    package var start: Int
    package var length: Int

    package init(start: Int, length: Int) {
        self.start = start
        self.length = length
    }

    var end: Int { start + length }
}

extension Path: CustomStringConvertible {
    package var description: String {
        segments.enumerated().map { index, segment in
            segment.name.isPlainSegment(isFirst: index == 0)
                ? segment.name : segment.name.inQuotes
        }.joined(separator: ".")
    }
}
