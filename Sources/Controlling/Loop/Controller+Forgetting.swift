package import Diagnostics
package import Resources
import Storage

/// A server that a person says is gone for good.
extension Controller {
    /// Gives up all that is known of a server that git no longer declares; see `StateStore.forget`.
    ///
    /// - Throws: `refused` while git declares it, `waiting` while another controller has the lease.
    package func forget(
        server: String, because reason: String, by actor: String
    ) async throws(Failure) -> [Address]? {
        _ = try leading()
        guard target?.servers[server] == nil else {
            throw .refused(
                .init(
                    "server/\(server) is declared",
                    fix: "take its document, and those of what is on it, out of git first"))
        }
        let number = try await hold(server)
        defer { free([server], of: number) }
        let owned = try await engine.store.forget(server: server, because: reason, by: actor)
        for address in owned ?? [] {
            conditions[address.description] = nil
            written[address] = nil
        }
        conditions["server/\(server)"] = nil
        laggards.remove(server)
        rolling.places[server] = nil
        return owned
    }

    /// The lease, for what a person asks for.
    func leading() throws(Failure) -> Lease {
        if let lease { return lease }
        throw .waiting(
            .init("this controller stands by", fix: "ask the one that has the lease"),
            retryAfterSeconds: nil)
    }

    /// Waits until no round works on a place, and takes it.
    ///
    /// - Returns: the number that `free` is told.
    func hold(_ place: String) async throws(Failure) -> Int {
        while busy[place] != nil, !isStopping {
            try? await Task.sleep(for: .milliseconds(50))
        }
        guard !isStopping else { throw .transient(.init("the controller comes to its end")) }
        roundCount += 1
        busy[place] = Hold(round: roundCount)
        return roundCount
    }
}
