import Diagnostics
import Resources
import Storage

/// The journal of one run, in the state database.
struct RunJournal: StepJournal {
    private struct Key: Hashable, Sendable {
        var address: Address
        var step: String
    }

    private let store: StateStore
    private let ids: [Key: StepID]

    init(store: StateStore, steps: [PlannedStep], ids: [StepID]) {
        self.store = store
        self.ids = Dictionary(
            zip(steps.map { Key(address: $0.address, step: $0.step) }, ids),
            uniquingKeysWith: { first, _ in first })
    }

    func started(_ address: Address, step: String) async throws(Failure) {
        try await store.started(try id(address, step))
    }

    func finished(_ address: Address, step: String, _ state: StepState, message: String?)
        async throws(Failure)
    {
        try await store.finished(
            try id(address, step), Self.ending(state), message: message.map(Redactor.redacted))
    }

    private func id(_ address: Address, _ step: String) throws(Failure) -> StepID {
        guard let id = ids[Key(address: address, step: step)] else {
            throw .stalled(.init("`\(step)` of \(address) was not planned"))
        }
        return id
    }

    private static func ending(_ state: StepState) -> JournalEntry.Ending {
        switch state {
        case .succeeded: .succeeded
        case .failed: .failed
        case .undone: .undone
        case .skipped: .skipped
        }
    }
}
