import FoundationEssentials
import Glibc
import Resources
import TestSupport
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
        let folder = Temporary.folder("stead-applets-\(getuid())")
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

extension Scratch {
    func pipe(_ name: String) throws -> String {
        #expect(mkfifo(path(name), 0o644) == 0)
        return path(name)
    }
}
