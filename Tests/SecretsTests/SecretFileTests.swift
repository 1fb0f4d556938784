import Diagnostics
import Secrets
import TestSupport
import Testing

@Suite struct SecretFileTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.secret("allowed/one", "open sesame\n")
        try scratch.secret("elsewhere/two", "private\n")
    }

    private func line(_ path: String, in folders: String? = nil) throws(Failure) -> String {
        try SecretFile(
            scratch.path(path), [SecretFile.variable: folders ?? scratch.path("allowed")]
        ).line()
    }

    private func refusal(_ path: String, in folders: String? = nil) throws -> Failure.Report {
        try #require(throws: Failure.self) { try line(path, in: folders) }.report
    }

    @Test("the line of a file that lies where secrets may lie")
    func read() throws {
        #expect(try line("allowed/one") == "open sesame")
        let both = "\(scratch.path("nowhere")):\(scratch.path("elsewhere"))"
        #expect(try line("elsewhere/two", in: both) == "private")
        #expect(try line("elsewhere/two", in: "/") == "private")
    }

    @Test(
        "a file of another folder is not read, whatever leads there",
        arguments: ["elsewhere/two", "allowed/../elsewhere/two", "allowed/link", "allowed-too/one"])
    func elsewhere(path: String) throws {
        try scratch.secret("allowed-too/one", "private\n")
        try scratch.shell("ln -s ../elsewhere/two allowed/link")
        let report = try refusal(path)
        #expect(report.message.contains("not in a folder for secrets"), "\(report)")
        #expect(report.fix?.contains("STEAD_SECRETS") == true)
        #expect(!report.message.contains("private"))
    }

    @Test("without a word of the environment it is /etc/stead")
    func usual() throws {
        let path = scratch.path("allowed/one")
        let failure = #expect(throws: Failure.self) { try SecretFile(path, [:]).line() }
        #expect(failure?.report.message.contains("/etc/stead") == true)
    }

    @Test("what others may read, or is no single line, is refused with the way out")
    func unfit() throws {
        try scratch.shell("chmod 644 allowed/one")
        #expect(try refusal("allowed/one").fix?.hasPrefix("chmod 600 \(scratch.root)") == true)
        for (name, text) in [
            ("empty", ""), ("key", "-----BEGIN\nabc\n"),
            ("long", String(repeating: "x", count: 5000)),
        ] {
            try scratch.secret("allowed/\(name)", text)
            #expect(try refusal("allowed/\(name)").message.contains("one line"))
        }
        #expect(try refusal("allowed/missing").message.contains("No such file"))
        #expect(try refusal("allowed").message.contains("not in a folder"))
        try scratch.shell("mkfifo -m 600 allowed/pipe")
        #expect(try refusal("allowed/pipe").message.contains("is no file"))
    }
}
