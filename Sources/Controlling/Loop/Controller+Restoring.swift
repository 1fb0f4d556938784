package import Diagnostics
import Resources
import Storage

/// What a person has the controller bring back.
extension Controller {
    /// Brings something back, while no round works on its place.
    ///
    /// - Parameters:
    ///   - request: what.
    ///   - actor: who asked for it.
    /// - Returns: what is back.
    /// - Throws: `waiting` while another controller has the lease, or what the host says.
    package func restore(
        _ request: RestoreRequest, by actor: String
    ) async throws(Failure) -> Restoration {
        let lease = try leading()
        let entry = try await engine.quarantined(request)
        let number = try await hold(entry.server)
        defer { free([entry.server], of: number) }
        return try await engine.restore(entry, by: actor, under: lease)
    }
}
