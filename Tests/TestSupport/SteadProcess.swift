import Foundation

/// The real `stead`, as built beside the tests.
package struct SteadProcess: Sendable {
    /// How a call ended.
    package struct Result: Sendable {
        package var status: Int32
        package var output: String
        package var errors: String

        /// Both outputs, for a test's failure message.
        package var everything: String { "status \(status)\n\(output)\n--- errors\n\(errors)" }
    }

    package var environment: [String: String]
    package var folder: String

    package init(folder: String, environment: [String: String] = [:]) {
        self.folder = folder
        self.environment = environment
    }

    /// The executable, in the folder of the test bundle.
    package static let path: String = {
        let own =
            CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        let folder = own.split(separator: "/").dropLast().joined(separator: "/")
        return "/" + folder + "/stead"
    }()

    /// Runs it to its end.
    package func run(_ arguments: String..., input: String? = nil) throws -> Result {
        try run(arguments, input: input)
    }

    /// Runs it to its end.
    package func run(_ arguments: [String], input: String? = nil) throws -> Result {
        try Tool.run(
            Self.path, arguments, in: folder,
            environment: environment.merging(["NO_COLOR": "1", "STEAD_SECRETS": folder]) { own, _ in
                own
            }, input: input)
    }
}

/// Any program, run to its end.
package enum Tool {
    /// Standard output and standard error go through files, so that neither can fill a pipe.
    package static func run(
        _ path: String, _ arguments: [String], in folder: String = "/",
        environment: [String: String] = [:], input: String? = nil
    ) throws -> SteadProcess.Result {
        let scratch = try Scratch()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in
            new
        }
        try scratch.write("in", input ?? "")
        try scratch.write("out", "")
        try scratch.write("err", "")
        process.standardInput = try FileHandle(forReadingFrom: scratch.url("in"))
        process.standardOutput = try FileHandle(forWritingTo: scratch.url("out"))
        process.standardError = try FileHandle(forWritingTo: scratch.url("err"))
        try process.run()
        process.waitUntilExit()
        let signal = process.terminationReason == .uncaughtSignal
        return SteadProcess.Result(
            status: signal ? 128 + process.terminationStatus : process.terminationStatus,
            output: try scratch.read("out"), errors: try scratch.read("err"))
    }

    /// Runs a script by `sh`; throws when it fails.
    @discardableResult
    package static func shell(_ script: String, in folder: String = "/") throws -> String {
        let result = try run("/bin/sh", ["-euc", script], in: folder)
        guard result.status == 0 else { throw Failed(script: script, result: result) }
        return result.output
    }

    /// A script that failed.
    package struct Failed: Error, CustomStringConvertible {
        package let script: String
        package let result: SteadProcess.Result

        package var description: String { "\(script)\n\(result.everything)" }
    }
}
