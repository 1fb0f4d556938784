import ArgumentParser
import Control
import Controlling
import Diagnostics
import FoundationEssentials
import Resources
import Storage

/// `stead server`: what concerns one server.
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Look after one server.",
        subcommands: [ServerTestCommand.self])
}

/// `stead server test NAME`: whether a server can be reached, and if not, why.
struct ServerTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Connect to a server anew, and say how it went.",
        discussion: """
            Signs in as its document says, through its jump hosts, with its key and its pinned \
            host key, becomes root if it says so, and runs a shell; changes nothing. A controller \
            that runs is asked to do it, with its own keys and what is in force there; without \
            one, or with --repo or --ref, it is done from here.
            """)

    @Argument(help: "The servers' names.")
    var names: [String]

    @OptionGroup var source: SourceOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var socket: SocketOptions
    @OptionGroup var output: FormatOptions

    func run() async throws {
        let console = Console()
        try await console.reporting {
            let reports: [ConnectionReport]
            if let answered = try await askController() {
                reports = answered
            } else {
                reports = try await test(console)
            }
            switch output.format {
            case .json: try console.json(reports)
            case .text: for report in reports { show(report, console) }
            }
            if !reports.allSatisfy(\.ok) { throw ExitCode.failure }
        }
    }

    /// What a running controller says; nil when there is none, or another tree is meant.
    private func askController() async throws -> [ConnectionReport]? {
        guard source.repo == ".", source.ref == nil else { return nil }
        let client = ControlClient(socket: socket.path(in: state))
        var reports: [ConnectionReport] = []
        for name in names {
            guard
                let report = try await client.post(
                    "connections/test", SubjectRequest(subject: name), as: ConnectionReport.self)
            else { return nil }
            reports.append(report)
        }
        return reports
    }

    private func test(_ console: Console) async throws -> [ConnectionReport] {
        let workspace = try Workspace(state: state, access: .readOnly, console: console)
        let desired = try await workspace.load(source)
        let test = ConnectionTest(pool: workspace.engine.pool)
        var reports: [ConnectionReport] = []
        for name in names { reports.append(try await test.run(name, along: desired.servers)) }
        await workspace.close()
        return reports
    }

    private func show(_ report: ConnectionReport, _ console: Console) {
        guard !report.ok else {
            let user = report.user.map { ", as \($0)" } ?? ""
            let system = report.system.map { " (\($0))" } ?? ""
            return console.result("\(report.server): well\(user)\(system)\n")
        }
        let message = report.message ?? "can't be reached"
        // Most messages begin with the server's name, and its address.
        let isNamed = message.hasPrefix(report.server + " ")
        var lines = [isNamed ? message : "\(report.server): \(message)"]
        lines += (report.detail ?? "").split(separator: "\n").map { "  \($0)" }
        if let fix = report.fix { lines.append("  fix: \(fix)") }
        console.result(lines.map { Terminal.sanitized($0) + "\n" }.joined())
    }
}
