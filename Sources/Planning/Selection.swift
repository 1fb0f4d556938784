import Diagnostics
package import Resources

/// The resources that `--only` chooses.
///
/// A pattern is an address, or one with `*` for any run of characters: `nginx-site/*`,
/// `file/motd-*`. `server/in3` chooses the server and everything on it.
package struct Selection: Sendable, Equatable {
    /// What no `--only` means.
    package static let everything = Selection([])
    /// Chooses no resource.
    package static let nothing = Selection([], servers: [])

    /// Empty: everything.
    package let patterns: [String]
    /// The places that are planned for at all; nil for every one.
    private let servers: Set<String>?

    package init(_ patterns: [String], servers: Set<String>? = nil) {
        self.patterns = patterns
        self.servers = servers
    }

    /// Whether one of the patterns chooses the resource.
    package func includes(_ address: Address, on server: String) -> Bool {
        guard servers?.contains(server) ?? true else { return false }
        return patterns.isEmpty
            || patterns.contains { Self.matches($0, address, on: server) }
    }

    /// Whether the resource is left out for its place alone.
    package func leavesOut(_ address: Address, on server: String) -> Bool {
        guard let servers, !servers.contains(server) else { return false }
        return Selection(patterns).includes(address, on: server)
    }

    /// The patterns that choose none of `resources`, each with what was probably meant.
    package func unmatched(
        among resources: [(address: Address, server: String)]
    ) -> [(pattern: String, suggestion: String?)] {
        let missing = patterns.filter { pattern in
            !resources.contains { Self.matches(pattern, $0.address, on: $0.server) }
        }
        let names = missing.isEmpty ? [] : resources.map(\.address.description)
        return missing.map { ($0, Suggestion.sentence(for: $0, among: names)) }
    }

    private static func matches(_ pattern: String, _ address: Address, on server: String) -> Bool {
        let address = address.successor ?? address
        if glob(Array(pattern.utf8), matches: Array(address.description.utf8)) { return true }
        return pattern.hasPrefix("server/")
            && glob(Array(pattern.utf8), matches: Array("server/\(server)".utf8))
    }

    /// Linear in practice, quadratic at worst: only the last `*` is ever taken back.
    private static func glob(_ pattern: [UInt8], matches text: [UInt8]) -> Bool {
        let star = UInt8(ascii: "*")
        var (index, position) = (0, 0)
        var retry: (index: Int, position: Int)?
        while position < text.count {
            if index < pattern.count, pattern[index] == star {
                retry = (index + 1, position)
                index += 1
            } else if index < pattern.count, pattern[index] == text[position] {
                index += 1
                position += 1
            } else if let last = retry {
                retry = (last.index, last.position + 1)
                (index, position) = (last.index, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == star }
    }
}
