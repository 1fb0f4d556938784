import FoundationEssentials
import Glibc
import Resources
import Testing

@testable import Controlling

/// A shell of this machine, to run scripts as a host would.
struct LocalShell: Sendable, CustomTestStringConvertible {
    let name: String
    let words: [String]
    /// Colon-separated; nil leaves the machine's own.
    let path: String?

    var testDescription: String { name }

    /// The machine's `sh`, and busybox's with a PATH of nothing but links to busybox.
    static let all: [LocalShell] = [
        LocalShell(name: "sh", words: ["/bin/sh", "-s"], path: nil),
        LocalShell(
            name: "busybox", words: [busybox, "sh", "-s"], path: applets),
    ]

    private static let busybox = "/bin/busybox"

    private static let applets: String = {
        let folder = Temporary.folder("stead-applets-\(getpid())")
        let script = "mkdir -p \(folder); \(busybox) --install -s \(folder)"
        _ = try? LocalShell(name: "", words: ["/bin/sh", "-s"], path: nil).run(Array(script.utf8))
        return folder
    }()

    func observe(_ looks: [Look]) throws -> ProbeOutput {
        let script = ObservationScript(looks)
        return try ObservationAnswer.read(run(script.text()), of: script)
    }

    /// Standard output of the shell, fed with `script`.
    func run(_ script: [UInt8]) throws -> [UInt8] {
        let input = Temporary.folder("stead-script-\(UInt64.random(in: 0 ... .max))")
        let output = input + ".out"
        defer {
            unlink(input)
            unlink(output)
        }
        try Data(script).write(to: URL(filePath: input))
        var command = words.map(ShellText.quoted).joined(separator: " ")
        if let path { command = "PATH=\(path) " + command }
        let status = system("\(command) <\(input) >\(output) 2>/dev/null")
        #expect(status == 0)
        return Array(try Data(contentsOf: URL(filePath: output)))
    }
}

/// Where tests put what they make.
enum Temporary {
    static func folder(_ name: String) -> String {
        (String(cString: getenv("TMPDIR") ?? strdup("/tmp"))) + "/" + name
    }
}

/// A folder of one test's own, gone when the test is.
final class Scratch: Sendable {
    private let root: String

    init() throws {
        root = Temporary.folder("stead-test-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    func path(_ name: String) -> String { root + "/" + name }

    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
        chmod(path(name), 0o644)
        return path(name)
    }

    func directory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: path(name), withIntermediateDirectories: true)
        return path(name)
    }

    func link(_ name: String, to target: String) throws -> String {
        #expect(symlink(target, path(name)) == 0)
        return path(name)
    }

    func pipe(_ name: String) throws -> String {
        #expect(mkfifo(path(name), 0o644) == 0)
        return path(name)
    }
}

extension Scratch {
    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path(name))))
    }
}
