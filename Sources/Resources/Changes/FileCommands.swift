/// Commands that change files the safe way: POSIX shell, on GNU and on busybox alike.
///
/// The scripts are constant; what differs between two commands is in their arguments. Each refuses
/// to replace or remove a directory. With an undo directory they first keep the original of what
/// they replace there; see `FileCommands.keep`.
package enum FileCommands {
    /// Writes a file so that nobody ever sees part of it: a temporary file in the same folder,
    /// synced to disk, given its owner and mode, then renamed. Makes missing parent folders. The
    /// content is the command's standard input.
    package static func write(_ target: FileTarget, undo directory: String? = nil) -> Command {
        Command(
            directory == nil ? writing : writingWithUndo,
            [target.path, FileTarget.octal(target.mode), target.owner ?? "", target.group ?? ""]
                + undoArguments(directory, target.path),
            input: target.content)
    }

    /// Makes `path` a symbolic link that holds `target`, whatever link or file was there.
    package static func link(_ path: String, to target: String, undo directory: String? = nil)
        -> Command
    {
        Command(
            directory == nil ? linking : linkingWithUndo,
            [path, target] + undoArguments(directory, path))
    }

    /// Removes a regular file or a symbolic link; does nothing when there is none.
    package static func remove(_ path: String, undo directory: String? = nil) -> Command {
        Command(
            directory == nil ? removing : removingWithUndo,
            [path] + undoArguments(directory, path))
    }

    private static func undoArguments(_ directory: String?, _ path: String) -> [String] {
        guard let directory else { return [] }
        return [directory, undoKey(of: path)]
    }

    /// The name under which a path's original is kept: the path with `%` for `/`, or its digest
    /// where that is too long for a file's name.
    static func undoKey(of path: String) -> String {
        // By byte: to Swift a slash with a combining mark after it is another character.
        let key = path.utf8.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "%") : $0 }
        return key.count <= 240
            ? String(decoding: key, as: UTF8.self) : Digest(of: path).hexadecimal
    }
}
