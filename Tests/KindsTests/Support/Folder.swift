import Glibc

/// A folder of a test's own, gone when nobody holds it any more.
final class Folder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/stead-kinds-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            let made = buffer.baseAddress.flatMap { mkdtemp($0) }
            return made.map { String(cString: $0) } ?? ""
        }
        precondition(!path.isEmpty, "a temporary folder can be made")
    }

    deinit {
        clear()
    }

    /// Removes the folder with all that is in it.
    func clear() {
        Self.remove(path)
    }

    private static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in names(in: path) { remove("\(path)/\(name)") }
        }
        Glibc.remove(path)
    }

    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode)
        precondition(file >= 0, "\(path) can be written")
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        fchmod(file, mode)
        close(file)
    }

    /// Nil when it can't be read.
    static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count > 0 else { return count == 0 ? result : nil }
            result += buffer.prefix(count)
        }
    }

    static func makeFolders(_ path: String) {
        var made = ""
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            made += "/" + (String(part) ?? "")
            mkdir(made, 0o755)
        }
    }

    /// The names in a folder, `.` and `..` left out.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
