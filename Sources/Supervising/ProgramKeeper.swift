import Diagnostics
import Glibc

/// Keeps one program running: starts it, asks how it is, starts it again.
actor ProgramKeeper {
    private let program: SupervisedProgram
    private let rules: SupervisionRules
    private let tell: @Sendable (SupervisorEvent) -> Void
    private let line: @Sendable (String) -> Void
    private let clock = ContinuousClock()

    private var process: SupervisedProcess?
    private var isStopping = false
    /// The wait before it is started again.
    private var pause: Task<Void, Never>?

    init(
        _ program: SupervisedProgram, _ rules: SupervisionRules,
        line: @escaping @Sendable (String) -> Void,
        telling tell: @escaping @Sendable (SupervisorEvent) -> Void
    ) {
        self.program = program
        self.rules = rules
        self.line = line
        self.tell = tell
    }

    /// Keeps it running until it is stopped.
    ///
    /// - Returns: whether it ended well then.
    func run() async -> Bool {
        var failures = 0
        while !isStopping {
            let begin = clock.now
            let ending = await runOnce()
            guard !isStopping else {
                tell(.stopped(ending))
                return ending.isGood
            }
            if clock.now - begin >= rules.stableAfter { failures = 0 }
            failures += 1
            var generator = SystemRandomNumberGenerator()
            let delay = rules.delay.milliseconds(after: failures, using: &generator)
            tell(.ended(ending, failures: failures, againAfterMilliseconds: delay))
            let pause = Task { _ = try? await Task.sleep(for: .milliseconds(delay)) }
            self.pause = pause
            await pause.value
        }
        return true
    }

    /// Has the process read its settings again; one that waits to be started is started at once.
    func reload() {
        process?.signal(SIGHUP)
        pause?.cancel()
    }

    /// Has it come to its end, and not start again.
    func stop() {
        isStopping = true
        pause?.cancel()
        if let process { end(process) }
    }

    private func runOnce() async -> ProgramEnding {
        let process: SupervisedProcess
        do throws(Failure) {
            process = try SupervisedProcess(program.arguments, line: line)
        } catch {
            return .notStarted(error.report.message)
        }
        self.process = process
        tell(.started(processID: Int(process.identifier)))
        let watch = Task { await self.watch(process) }
        let ending = await process.ending()
        watch.cancel()
        self.process = nil
        return ending
    }

    /// Asks how it is, until it has ended or has to be ended.
    private func watch(_ process: SupervisedProcess) async {
        guard let probe = program.probe else { return }
        let deadline = clock.now + rules.startTimeout
        var (hasAnswered, wasReady, failures) = (false, false, 0)
        while !Task.isCancelled {
            if let trouble = await probe.trouble() {
                guard !Task.isCancelled else { return }
                failures += 1
                let isOver =
                    hasAnswered ? failures >= rules.toleratedFailures : clock.now >= deadline
                if isOver {
                    tell(.hangs(trouble))
                    return end(process)
                }
            } else {
                guard !Task.isCancelled else { return }
                if !hasAnswered { tell(.answers) }
                (hasAnswered, failures) = (true, 0)
                let isReady = await probe.isReady()
                guard !Task.isCancelled else { return }
                if isReady != wasReady { tell(.ready(isReady)) }
                wasReady = isReady
            }
            // What has just been started is asked more often.
            let interval: Duration =
                !hasAnswered ? .milliseconds(100) : wasReady ? rules.healthInterval : .seconds(1)
            try? await Task.sleep(for: min(interval, rules.healthInterval))
        }
    }

    /// SIGTERM, and SIGKILL when that has not helped in time. SIGCONT: a stopped process reads no
    /// signals.
    private func end(_ process: SupervisedProcess) {
        process.signal(SIGTERM)
        process.signal(SIGCONT)
        Task {
            try? await Task.sleep(for: rules.drainTimeout)
            self.kill(process)
        }
    }

    private func kill(_ process: SupervisedProcess) {
        guard self.process === process else { return }
        tell(.overdue)
        process.signal(SIGKILL)
    }
}
