import Diagnostics
import Planning
import Resources
import Storage

/// Protection lives in the state, so that what takes a document away does not take it along.
extension Engine {
    /// Protects what a tree that is taken in force says is protected.
    func protect(_ desired: DesiredState, by actor: String) async throws(Failure) {
        let known = try await store.protections()
        try await store.protect(
            Self.unprotected(desired.resources, known), lifting: [],
            revision: desired.revision.id, by: actor)
    }

    /// Protects what the tree says is protected, and lifts the protection of what is as the tree
    /// says without it. What was refused for its protection is not, and so keeps it.
    func settleProtections(
        _ prepared: PreparedPlan, _ outcomes: [Address: Outcome], by actor: String
    ) async throws(Failure) {
        let known = prepared.protections
        let resources = prepared.desired.resources.filter {
            prepared.survey.subjects[$0.address] != nil
        }
        let unchanged = Set(prepared.plan.unchanged)
        let lifted = resources.filter { resource in
            guard !resource.isProtected, known[resource.address] != nil else { return false }
            return unchanged.contains(resource.address)
                || outcomes[resource.address]?.isSuccess == true
        }
        try await store.protect(
            Self.unprotected(resources, known), lifting: lifted.map(\.address),
            revision: prepared.desired.revision.id, by: actor)
    }

    private static func unprotected(
        _ resources: [any Resource], _ known: Protections
    ) -> [Address] {
        resources.filter {
            $0.isProtected && known.revision(protecting: $0.address) == nil
        }.map(\.address)
    }
}
