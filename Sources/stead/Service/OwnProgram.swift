import FoundationEssentials

/// This program's own file.
enum OwnProgram {
    /// Absolute. After an upgrade in place it is the new file.
    static var path: String {
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let suffix = " (deleted)"
        guard let link else { return CommandLine.arguments[0] }
        return link.hasSuffix(suffix) ? String(link.dropLast(suffix.count)) : link
    }
}
