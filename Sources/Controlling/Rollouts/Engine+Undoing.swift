import Diagnostics
import Planning
import Resources
import Storage

extension Engine {
    /// Changes that undo what the runs of a commit did, the last of it first, as the journal has
    /// it. What the journal does not know of comes after that, in the order it has.
    func undoing(
        _ changes: [PlannedChange], of revision: String
    ) async throws(Failure) -> [PlannedChange] {
        let steps = try await store.lastSteps(of: revision)
        let positions = Dictionary(
            steps.map { ([$0.address.description, $0.server], $0.position) },
            uniquingKeysWith: max)
        let ranked = changes.enumerated().map { index, change in
            let position = positions[[change.address.description, change.server]] ?? 0
            return (rank: (-position, index), change: change)
        }
        return ranked.sorted { $0.rank < $1.rank }.map(\.change)
    }
}
