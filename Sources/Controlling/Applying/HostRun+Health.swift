import Diagnostics
import Resources

extension HostRun {
    /// How a change ended whose second look agrees: it also has to do its work.
    func outcome(
        of item: WorkItem, verifiedAt start: ContinuousClock.Instant
    ) async throws(Failure) -> Outcome {
        if item.intent.isRemoval { return .deleted }
        guard !item.resource.health.isEmpty, case .host(let route) = work.place else {
            return .applied
        }
        let health = HealthDesk(pool: desk.pool)
        let complaint = try await health.complaint(
            about: item.resource, along: route, since: start)
        return complaint.map(Outcome.unhealthy) ?? .applied
    }
}
