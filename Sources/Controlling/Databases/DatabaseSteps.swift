import Diagnostics
import Resources

/// Where the steps of one place are run, one after another.
protocol StepRunner: Sendable {
    /// Runs a step and waits for its end.
    ///
    /// - Throws: when it is not known whether it ran.
    func run(_ step: Step) async throws(Failure) -> StepShell.Reply
    /// Runs a command of the engine's own.
    func run(_ command: Command) async throws(Failure) -> StepShell.Reply
    func close() async
}

extension StepShell: StepRunner {
    func run(_ step: Step) async throws(Failure) -> Reply { try await run(step.command) }
}

/// Runs steps in databases.
struct DatabaseSteps: StepRunner {
    let desk: DatabaseDesk

    func run(_ step: Step) async throws(Failure) -> StepShell.Reply {
        guard let work = step.databaseWork else {
            return StepShell.Reply(status: 1, output: "this step is none for a database")
        }
        do throws(Failure) {
            try await desk.perform(work)
            return StepShell.Reply(status: 0, output: "")
        } catch {
            // The last line is what it came to.
            let report = error.report
            let fix = report.fix.map { " (\($0))" } ?? ""
            let detail = report.detail.map { $0 + "\n" } ?? ""
            return StepShell.Reply(status: 1, output: detail + report.message + fix)
        }
    }

    func run(_ command: Command) async throws(Failure) -> StepShell.Reply {
        StepShell.Reply(status: 1, output: "a database runs no commands")
    }

    func close() async {}
}
