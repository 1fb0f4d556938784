import Resources

/// One line of `stat -c '%f %u %g %U %G %s %n'`.
struct StatLine {
    enum FileType {
        case file, directory, link
        case other(String)
    }

    let path: String
    let type: FileType
    let status: FileStatus
    /// In bytes.
    let size: Int

    init?(_ line: String) {
        // By bytes: there are thousands of these, and a blank is a blank in UTF-8.
        let parts = line.utf8.split(
            separator: UInt8(ascii: " "), maxSplits: 6, omittingEmptySubsequences: false
        ).map { Substring($0) }
        guard parts.count == 7, let raw = UInt32(parts[0], radix: 16), let userID = Int(parts[1]),
            let groupID = Int(parts[2]), let size = Int(parts[5])
        else { return nil }
        self.path = String(parts[6])
        self.size = size
        self.type = Self.type(raw)
        // A user without a name prints as UNKNOWN; its number says more.
        self.status = FileStatus(
            mode: UInt16(raw & 0o7777), userID: userID, groupID: groupID,
            owner: parts[3] == "UNKNOWN" ? String(userID) : String(parts[3]),
            group: parts[4] == "UNKNOWN" ? String(groupID) : String(parts[4]))
    }

    /// Source: inode(7), the file type bits.
    private static func type(_ raw: UInt32) -> FileType {
        switch raw & 0o170000 {
        case 0o100000: .file
        case 0o040000: .directory
        case 0o120000: .link
        case 0o010000: .other("a pipe")
        case 0o140000: .other("a socket")
        case 0o020000, 0o060000: .other("a device")
        default: .other("something that is no file")
        }
    }
}
