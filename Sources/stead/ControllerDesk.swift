import Control
import Controlling
import Diagnostics
import Planning
import Resources
import Storage

/// What a person asks of the controller: told to it when one runs, written into the state when
/// none does.
struct ControllerDesk {
    private let client: ControlClient
    private let state: String

    init(socket: String, state: String) {
        client = ControlClient(socket: socket)
        self.state = state
    }

    func suspend(_ suspension: Suspension) async throws(Failure) {
        let request = SuspendRequest(
            subject: suspension.subject, reason: suspension.reason, until: suspension.until)
        if try await client.post("suspend", request, as: Suspension.self) != nil { return }
        try await store().suspend(suspension)
    }

    func resume(_ subject: String) async throws(Failure) {
        let request = SubjectRequest(subject: subject)
        if try await client.post("resume", request, as: SubjectRequest.self) != nil { return }
        guard try await store().resume(subject, by: Actor.current) else {
            throw .stalled(
                .init("\(subject) is not suspended", fix: "`stead suspend` shows what is"))
        }
    }

    func decide(_ id: String, isApproved: Bool) async throws(Failure) {
        let request = SubjectRequest(subject: id)
        let name = isApproved ? "approve" : "reject"
        if try await client.post(name, request, as: SubjectRequest.self) != nil { return }
        let isDecided = try await store().decide(
            id, from: .waiting, to: isApproved ? .approved : .rejected, by: Actor.current)
        guard isDecided else { throw .stalled(.init("plan \(id.prefix(12)) waits no more")) }
    }

    /// - Throws: when it is not protected.
    func unprotect(_ address: Address) async throws(Failure) {
        let request = SubjectRequest(subject: address.description)
        if try await client.post("unprotect", request, as: SubjectRequest.self) != nil { return }
        guard try await store().unprotect(address, by: Actor.current) else {
            throw .stalled(.init("\(address) is not protected"))
        }
    }

    /// Gives up all that is known of a server.
    ///
    /// - Returns: what was owned there.
    /// - Throws: when nothing is known of it, or git still declares it.
    func forget(server: String, because reason: String) async throws(Failure) -> ForgetAnswer {
        let request = ForgetRequest(server: server, reason: reason)
        if let answer = try await client.post("forget", request, as: ForgetAnswer.self) {
            return answer
        }
        let store = try store()
        guard
            let forgotten = try await store.forget(
                server: server, because: reason, by: Actor.current)
        else { throw .stalled(.init("nothing is known of a server/\(server)")) }
        return ForgetAnswer(server: server, forgotten: forgotten)
    }

    /// Has the controller bring something back; nil when none runs.
    func restore(_ request: RestoreRequest) async throws(Failure) -> Restoration? {
        try await client.post("restore", request, as: Restoration.self)
    }

    /// Says of subjects that choose nothing Stead knows: a slip of the pen would otherwise pass for
    /// done.
    func warnOfUnknown(_ subjects: [String], _ console: Console) async throws(Failure) {
        let inventory = try await StateStore(folder: state, access: .readOnly).inventory {
            _, _, _ in true
        }
        let known = inventory.map { (address: $0.address, server: $0.server) }
        for (subject, suggestion) in Selection(subjects).unmatched(among: known) {
            let hint = suggestion.map { "; \($0)" } ?? ""
            console.warn("nothing that Stead keeps so far is called \(subject)\(hint)")
        }
    }

    private func store() throws(Failure) -> StateStore {
        try StateStore(folder: state, access: .readWrite)
    }
}

/// Plans that wait, for people.
enum HeldPlans {
    /// One of the list.
    struct Line: Encodable {
        var id: String
        var reason: String
        var revision: String
        /// ISO 8601.
        var createdAt: String
        var summary: String

        init(_ held: HeldPlan) {
            id = held.id
            reason = held.reason
            revision = held.revision
            createdAt = Clock.text(held.createdAt)
            summary = (try? held.plan().counts.description) ?? "made by another version"
        }
    }

    /// The one plan whose id begins so.
    static func only(in held: [HeldPlan], beginning id: String) throws(Failure) -> HeldPlan {
        let found = held.filter { $0.id.hasPrefix(id.lowercased()) }
        guard let plan = found.first, found.count == 1, !id.isEmpty else {
            throw .stalled(
                .init(
                    found.isEmpty
                        ? "no plan that waits begins with \(id)"
                        : "\(found.count) plans begin with \(id)",
                    fix: "see `stead plans`"))
        }
        return plan
    }
}

extension HeldPlan {
    func plan() throws(Failure) -> Plan {
        do {
            return try CanonicalJSON.decode(Plan.self, from: body)
        } catch {
            throw .stalled(.init("the plan was made by another version: \(error)"))
        }
    }
}
