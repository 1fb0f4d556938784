import Diagnostics
import FoundationEssentials
import Glibc
import Resources

/// The folder of the system's time zone data.
struct ZoneFolder {
    /// Why a zone can't be had.
    struct Problem: Error {
        var message: String
        var fix: String?
    }

    let path: String

    /// The one that programs of this machine read; see tzset(3).
    static var system: ZoneFolder {
        let named = ProcessInfo.processInfo.environment["TZDIR"] ?? ""
        return ZoneFolder(path: named.isEmpty ? "/usr/share/zoneinfo" : named)
    }

    /// The largest files have some kilobytes.
    private static let sizeLimit = 256 << 10

    /// The zone of a name that was found well formed: letters, digits, `+-_`, and slashes between.
    func zone(_ name: String) throws(Problem) -> Timezone {
        if ["UTC", "Etc/UTC"].contains(name) { return .utc }
        guard access(path, F_OK) == 0 else {
            throw Problem(
                message: "can't be looked up: there is no time zone data in \(path)",
                fix: "install the package tzdata on the machine that reads this")
        }
        let bytes = try read(name)
        do throws(TimezoneFileError) {
            return try Timezone(name: name, file: bytes)
        } catch {
            throw Problem(
                message: "can't be used: \(path)/\(name) \(error.message)", fix: suggestion(name))
        }
    }

    private func read(_ name: String) throws(Problem) -> [UInt8] {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            let error = errno
            guard error == ENOENT || error == ENOTDIR else {
                throw Problem(
                    message: "can't be looked up: \(file): \(String(cString: strerror(error)))")
            }
            throw Problem(
                message: "must be a timezone that this machine knows, is `\(name)`",
                fix: suggestion(name))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= Self.sizeLimit
        else {
            throw Problem(message: "must be a timezone, is `\(name)`", fix: suggestion(name))
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count <= Self.sizeLimit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// Of the zones beside the one that was meant.
    private func suggestion(_ name: String) -> String? {
        let area = name.split(separator: "/").dropLast().joined(separator: "/")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(area)")) ?? []
        return Suggestion.sentence(
            for: name, among: names.sorted().map { area.isEmpty ? $0 : "\(area)/\($0)" })
    }
}
