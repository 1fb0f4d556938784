import Diagnostics
import Resources

/// A shell whose commands each get the whole time before the host puts everything back.
actor GuardedShell: StepRunner {
    private let shell: any StepRunner
    private let guardian: HostGuard
    private var renewals = 0

    init(_ shell: any StepRunner, guardian: HostGuard) {
        self.shell = shell
        self.guardian = guardian
    }

    func run(_ step: Step) async throws(Failure) -> StepShell.Reply {
        try await renew()
        return try await shell.run(step)
    }

    func run(_ command: Command) async throws(Failure) -> StepShell.Reply {
        try await renew()
        return try await shell.run(command)
    }

    /// - Throws: when the host has put everything back already.
    func renew() async throws(Failure) {
        renewals += 1
        guard try await shell.run(guardian.renew(renewals)).isSuccess else {
            throw .stalled(
                .init(
                    "the steps took longer than the host waits",
                    fix: "raise `guard: {timeout: …}` in desired/stead.yaml"))
        }
    }

    func close() async {
        await shell.close()
    }
}
