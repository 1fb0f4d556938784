import FoundationEssentials
import Glibc
import Testing

/// A folder of its own, to hold Stead against the tools of the system.
struct ScratchFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/stead-planning-XXXXXX".utf8CString)
        path = try #require(
            template.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
            })
    }

    func write(_ text: String, _ name: String) throws {
        try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
    }

    /// What a shell command prints in the folder; it must succeed.
    func run(_ command: String) throws -> String {
        let status = system("cd \(path) && { \(command); } > .output 2> .errors")
        let output = try String(contentsOfFile: "\(path)/.output", encoding: .utf8)
        try #require(status == 0, "\(command): \(output)")
        return output
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
