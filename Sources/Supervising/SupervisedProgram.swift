/// A program that is kept running.
package struct SupervisedProgram: Sendable {
    /// What people call it.
    package var name: String
    /// The program's file, and what it is told. The word `--lifeline` is its own matter: its
    /// standard input ends when the supervisor does.
    package var arguments: [String]
    /// How to ask whether it is well; nil for what can't be asked.
    package var probe: HealthProbe?

    package init(name: String, arguments: [String], probe: HealthProbe?) {
        self.name = name
        self.arguments = arguments
        self.probe = probe
    }
}

/// How programs are kept running.
package struct SupervisionRules: Sendable {
    /// Between two questions whether a program is well.
    package var healthInterval = Duration.seconds(5)
    /// After so many bad answers in a row it is ended, and started again.
    package var toleratedFailures = 3
    /// How long it may take until its first good answer.
    package var startTimeout = Duration.seconds(60)
    /// How long it may take to end after SIGTERM, before SIGKILL.
    package var drainTimeout = Duration.seconds(120)
    /// The wait before the first start anew, and the longest one.
    package var delay = RestartDelay()
    /// What has run for so long has forgotten its failures.
    package var stableAfter = Duration.seconds(60)

    package init() {}
}

/// When a program that has ended is started again: soon at first, then ever later.
package struct RestartDelay: Sendable {
    package var firstMilliseconds = 500
    package var longestMilliseconds = 60_000

    package init() {}

    /// Milliseconds to wait after so many failures in a row, from 1: half of it fixed, half by
    /// chance, so that what ends together does not start together.
    func milliseconds(
        after failures: Int, using generator: inout some RandomNumberGenerator
    ) -> Int {
        let doublings = min(max(0, failures - 1), 20)
        let whole = min(longestMilliseconds, firstMilliseconds << doublings)
        return whole / 2 + Int.random(in: 0...max(1, whole / 2), using: &generator)
    }
}
