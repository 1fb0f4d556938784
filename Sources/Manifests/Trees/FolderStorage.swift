import Diagnostics
import Glibc

/// A folder's files.
///
/// Nothing but regular files is ever opened: a pipe would block for ever.
struct FolderStorage: TreeStorage {
    /// The root's path.
    let root: String

    func entries(of folder: String) throws(Failure) -> [TreeEntry<String>] {
        guard let stream = opendir(path(folder)) else { throw failure("open", folder) }
        defer { closedir(stream) }
        var entries: [TreeEntry<String>] = []
        errno = 0
        while let next = readdir(stream) {
            let bytes = Self.name(of: next)
            guard bytes != [0x2E], bytes != [0x2E, 0x2E] else { continue }
            let name = String(decoding: bytes, as: UTF8.self)
            let place = TreePath.join(folder, name)
            let type = next.pointee.d_type
            entries.append(
                TreeEntry(
                    name: name, isValid: Array(name.utf8) == bytes,
                    sort: Self.sort(type: type) ?? status(of: place).map(Self.sort) ?? .other,
                    handle: place))
            errno = 0
        }
        guard errno == 0 else { throw failure("read", folder) }
        return entries
    }

    func entry(at place: String) throws(Failure) -> TreeEntry<String>? {
        guard let status = status(of: place) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("look at", place)
        }
        let name = place.split(separator: "/").last.map(String.init) ?? ""
        return TreeEntry(name: name, isValid: true, sort: Self.sort(status), handle: place)
    }

    func contents(of file: TreeEntry<String>, limit: Int) throws(Failure) -> TreeContents {
        let descriptor = open(path(file.handle), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", file.handle) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("look at", file.handle) }
        guard Self.sort(status) == .file else {
            throw .transient(.init("\(file.handle) is no longer a file"))
        }
        guard status.st_size <= limit else { return .tooLarge(bytes: Int(status.st_size)) }
        return try read(descriptor, size: Int(status.st_size), limit: limit, place: file.handle)
    }

    /// Reads to the end, which may be elsewhere than `size` said: a file may grow meanwhile.
    private func read(
        _ descriptor: Int32, size: Int, limit: Int, place: String
    ) throws(Failure) -> TreeContents {
        var bytes: [UInt8] = []
        var isAtEnd = false
        while !isAtEnd {
            let room = bytes.isEmpty ? size + 1 : 64 << 10
            var count = 0
            let more = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                guard let start = buffer.baseAddress else { return }
                count = Glibc.read(descriptor, start, room)
                initialized = max(0, count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("read", place)
            }
            isAtEnd = count == 0
            if bytes.isEmpty { bytes = more } else { bytes += more }
            if bytes.count > limit { return .tooLarge(bytes: bytes.count) }
        }
        return .bytes(bytes)
    }

    func target(of link: TreeEntry<String>) throws(Failure) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path(link.handle), &buffer, buffer.count)
        guard count >= 0 else { throw failure("read", link.handle) }
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private func path(_ place: String) -> String { place.isEmpty ? root : root + "/" + place }

    private func status(of place: String) -> stat? {
        var status = stat()
        return lstat(path(place), &status) == 0 ? status : nil
    }

    private func failure(_ verb: String, _ place: String) -> Failure {
        .stalled(.init("cannot \(verb) \(path(place)): \(String(cString: strerror(errno)))"))
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            let start = UnsafeRawPointer(pointer)
            let length = strlen(start.assumingMemoryBound(to: CChar.self))
            return Array(UnsafeRawBufferPointer(start: start, count: length))
        }
    }

    /// Nil when the file system does not say.
    private static func sort(type: UInt8) -> TreeEntry<String>.Sort? {
        switch Int(type) {
        case DT_UNKNOWN: nil
        case DT_REG: .file
        case DT_DIR: .folder
        case DT_LNK: .link
        default: .other
        }
    }

    private static func sort(_ status: stat) -> TreeEntry<String>.Sort {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }
}
