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
        guard let lease else {
            throw .waiting(
                .init("this controller stands by", fix: "ask the one that has the lease"),
                retryAfterSeconds: nil)
        }
        let entry = try await engine.quarantined(request)
        while busy[entry.server] != nil, !isStopping {
            try? await Task.sleep(for: .milliseconds(50))
        }
        guard !isStopping else { throw .transient(.init("the controller comes to its end")) }
        roundCount += 1
        let number = roundCount
        busy[entry.server] = Hold(round: number)
        do throws(Failure) {
            let restoration = try await engine.restore(entry, by: actor, under: lease)
            free([entry.server], of: number)
            return restoration
        } catch {
            free([entry.server], of: number)
            throw error
        }
    }
}
