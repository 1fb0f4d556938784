import Diagnostics

/// A YAML text as nodes: every document that could be read, and everything that is wrong.
package struct ParsedText: Sendable {
    /// One document of a text.
    package struct Document: Sendable {
        package var root: Node
        /// False when a problem was found inside; the document then lacks what was wrong.
        package var isSound: Bool
    }

    package private(set) var documents: [Document] = []
    package private(set) var problems: [Problem] = []
    /// False when reading stopped early: what follows the last document is not known.
    package private(set) var isComplete = true

    /// The most problems that are listed of one text.
    static let problemLimit = 100

    /// Reads a text of any number of documents.
    ///
    /// Never fails: what is wrong is in `problems`, and the documents before a syntax error are
    /// kept.
    package init(_ bytes: [UInt8], limits: Limits = .standard) {
        guard bytes.count <= limits.bytes else {
            stop(
                Problem(
                    .yamlTooLarge, at: Mark(line: 1, column: 1),
                    "this text has \(bytes.count) bytes, \(limits.bytes) are allowed",
                    fix: "split it into several files"))
            return
        }
        bytes.withUnsafeBufferPointer { text in
            guard !text.isEmpty else { return }
            do throws(Problem) {
                let encoding = try TextEncoding(checking: text)
                compose(text, encoding, limits)
            } catch {
                stop(error)
            }
        }
    }

    private mutating func compose(
        _ text: UnsafeBufferPointer<UInt8>, _ encoding: TextEncoding, _ limits: Limits
    ) {
        var composer = Composer(text, encoding, limits)
        do throws(Problem) {
            while let document = try composer.nextDocument() { documents.append(document) }
        } catch {
            if !composer.hasBegun { distrustLast() }
            stop(error)
        }
        problems = composer.problems + problems
    }

    /// What can't be read right after a document was meant to be part of it.
    private mutating func distrustLast() {
        guard let last = documents.popLast(), case .mapping = last.root.value else { return }
        documents.append(Document(root: last.root, isSound: false))
    }

    private mutating func stop(_ problem: Problem) {
        problems.append(problem)
        isComplete = false
    }
}
