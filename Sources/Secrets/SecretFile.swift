package import Diagnostics
internal import FoundationEssentials
internal import Glibc

/// A file of this machine that holds one secret line, named by desired state or settings.
///
/// Whoever writes the repository may name a file, and have its line sent to a server of their
/// choice. So only files of folders that the machine's own owner has set apart for this are read.
package struct SecretFile: Sendable {
    /// Names the folders in the environment, separated by colons.
    package static let variable = "STEAD_SECRETS"
    /// The folder where the environment names none.
    package static let usualFolder = "/etc/stead"

    private static let longestBytes = 4096

    private let path: String
    private let folders: [String]

    /// - Parameters:
    ///   - path: absolute.
    ///   - environment: the process's own.
    package init(
        _ path: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.path = path
        let named = environment[Self.variable] ?? Self.usualFolder
        folders = named.split(separator: ":").map(String.init)
    }

    /// The line, without its end.
    ///
    /// - Throws: `stalled` when the file lies elsewhere, can't be read, may be read by others, or
    ///   holds anything but one line.
    package func line() throws(Failure) -> String {
        let file = try resolved()
        // What belongs to root may be lent to a group, as PostgreSQL has it for its keys.
        let others: mode_t = file.status.st_uid == 0 ? 0o037 : 0o077
        guard file.status.st_mode & others == 0 else {
            throw .stalled(
                .init(
                    "others may read \(path)",
                    fix: "chmod 600 \(path), or 640 for a file of root's"))
        }
        guard let data = try? Data(contentsOf: URL(filePath: file.path)) else {
            throw unreadable()
        }
        let text = String(decoding: data.prefix(Self.longestBytes + 1), as: UTF8.self)
        let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard data.count <= Self.longestBytes, !line.isEmpty, !line.contains(where: \.isNewline)
        else { throw .stalled(.init("\(path) does not hold one line")) }
        return line
    }

    /// The regular file itself, whatever links lead to it, if it lies where secrets may lie.
    private func resolved() throws(Failure) -> (path: String, status: stat) {
        guard let real = Self.real(path) else { throw unreadable() }
        let isAllowed = folders.compactMap(Self.real).contains { folder in
            real.hasPrefix(folder == "/" ? folder : folder + "/")
        }
        guard isAllowed else {
            throw .stalled(
                .init(
                    "\(path) is not in a folder for secrets: \(folders.joined(separator: ", "))",
                    fix: "move it there, or name its folder in \(Self.variable) where Stead is "
                        + "started"))
        }
        var status = stat()
        guard stat(real, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .stalled(.init("\(path) is no file"))
        }
        return (real, status)
    }

    private func unreadable() -> Failure {
        .stalled(
            .init(
                "cannot read \(path): \(String(cString: strerror(errno)))",
                fix: "write the secret into it, alone, with mode 0600, for Stead's user to read"))
    }

    private static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
