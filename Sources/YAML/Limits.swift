/// What a YAML text may cost at most.
package struct Limits: Sendable {
    /// Size of one file, in bytes.
    package var bytes: Int
    /// Nesting of collections.
    package var depth: Int
    /// Nodes of one document, aliases counted as often as they are used.
    package var nodes: Int

    package init(bytes: Int = 1 << 20, depth: Int = 64, nodes: Int = 200_000) {
        self.bytes = bytes
        self.depth = depth
        self.nodes = nodes
    }

    /// What commands use.
    package static let standard = Limits()
}
