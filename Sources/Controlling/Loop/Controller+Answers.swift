package import Diagnostics
import Manifests
import Planning
import Resources
import Storage

/// What the controller tells those who ask, and does nothing about.
extension Controller {
    /// The plan that it would make now: for the commit in force, with its own connections.
    ///
    /// - Parameter only: patterns of what to plan for; empty for everything.
    /// - Returns: the plan.
    /// - Throws: when no commit is in force, a pattern chooses nothing, or the state can't be read.
    package func planNow(only: [String]) async throws(Failure) -> ShownPlan {
        let desired = try desiredNow()
        // Without the loop's `emit`: what is looked at for a question is no part of a round.
        let engine = Engine(catalog: engine.catalog, store: engine.store, pool: engine.pool)
        if !only.isEmpty {
            let inventory = try await engine.store.inventory { _, _, _ in true }
            let known =
                desired.resources.map { (address: $0.address, server: $0.server) }
                + inventory.map { (address: $0.address, server: $0.server) }
            for (pattern, suggestion) in Selection(only).unmatched(among: known) {
                throw .refused(
                    .init(
                        "no resource matches `\(pattern)`"
                            + (suggestion.map { ": \($0)" } ?? "")))
            }
        }
        var request = PlanRequest(source: options.source.title, only: only)
        request.maxDeletes = formerRules.maxDeletes
        return ShownPlan(plan: try await engine.prepare(desired, request).plan)
    }

    /// Connects to a server anew.
    ///
    /// - Parameter name: the server's.
    /// - Returns: how it went; a server that can't be reached is no error.
    /// - Throws: when no commit is in force, or it declares no such server.
    package func testConnection(to name: String) async throws(Failure) -> ConnectionReport {
        let test = ConnectionTest(pool: engine.pool)
        return try await test.run(name, along: try desiredNow().servers)
    }

    private func desiredNow() throws(Failure) -> DesiredState {
        guard let target else {
            throw .waiting(
                .init("no commit is in force yet", fix: "`stead status` says why"),
                retryAfterSeconds: nil)
        }
        let versions = fleet(target)
        return inForce(versions.composed(under: target.revision.id), versions, besides: .nothing)
    }
}

/// A plan as people and programs read it.
package struct ShownPlan: Sendable {
    let plan: Plan

    /// As `stead plan --format json` prints it.
    package func json() throws(Failure) -> String {
        do {
            return try PlanJSON.render(plan)
        } catch {
            throw .stalled(.init("the plan can't be written down: \(error)"))
        }
    }

    /// As `stead plan` prints it.
    package func text(isColoured: Bool, isFull: Bool) -> String {
        PlanText(terminal: Terminal(isColoured: isColoured), isFull: isFull).render(plan)
    }
}
