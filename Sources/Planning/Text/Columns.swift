import Resources

/// How wide the columns of a plan's lines are, in Unicode scalars.
struct Columns {
    let address: Int
    let server: Int

    /// A single very long name does not push everybody's line to the right.
    private static let widest = 48

    init(_ changes: [PlannedChange]) {
        let addresses = changes.map { $0.address.description.onOneLine.unicodeScalars.count }
        let servers = changes.map { $0.server.onOneLine.unicodeScalars.count }
        address = min(Self.widest, addresses.max() ?? 0)
        server = min(Self.widest, servers.max() ?? 0)
    }

    func padding(after text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
    }
}
