import Diagnostics

/// Builds nodes from events.
struct Composer: ~Copyable {
    /// A node, and how many levels it has: 1 for a scalar.
    struct Composed {
        var node: Node
        var height = 1
    }

    enum Anchor {
        /// Its node is still being read: an alias to it would never end.
        case open
        case closed(Composed, count: Int)
    }

    private(set) var problems: [Problem] = []
    private var events: EventStream
    var lines: LineMap
    let limits: Limits

    var anchors: [String: Anchor] = [:]
    /// Nodes of this document, aliases counted as often as they are used.
    var nodeCount = 0
    /// Nodes that aliases have added, over the whole text.
    var aliasedCount = 0
    /// Whether the document being read has begun.
    private(set) var hasBegun = false

    /// Starts at the beginning of `text`, which is not empty and must outlive the composer.
    init(_ text: UnsafeBufferPointer<UInt8>, _ encoding: TextEncoding, _ limits: Limits) {
        let body = UnsafeBufferPointer(rebasing: text[encoding.markLength...])
        lines = LineMap(body, hasUnusualBreaks: encoding.hasUnusualBreaks)
        events = EventStream(body)
        self.limits = limits
    }

    /// The next document; nil at the end of the text.
    ///
    /// - Throws: what makes it impossible to go on.
    mutating func nextDocument() throws(Problem) -> ParsedText.Document? {
        hasBegun = false
        var event = try next()
        while case .documentEnd = event.body { event = try next() }
        guard case .documentStart = event.body else { return nil }
        hasBegun = true
        anchors = [:]
        nodeCount = 0
        let problemsBefore = problems.count
        let root = try compose(try next(), depth: 1)
        return ParsedText.Document(root: root.node, isSound: problems.count == problemsBefore)
    }

    mutating func next() throws(Problem) -> Event {
        do throws(SyntaxError) {
            return try events.next()
        } catch {
            throw SyntaxAdvice.problem(for: error, in: &lines)
        }
    }

    mutating func report(_ problem: Problem) throws(Problem) {
        guard problems.count + 1 < ParsedText.problemLimit else {
            throw Problem(
                problem.code, at: problem.mark, problem.summary,
                why: "after \(ParsedText.problemLimit) problems the rest of this file is not read")
        }
        problems.append(problem)
    }
}
