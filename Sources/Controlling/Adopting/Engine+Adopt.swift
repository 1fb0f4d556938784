package import Diagnostics
package import Manifests
import Planning
package import Resources

/// What came of reading a host.
package struct AdoptionResult: Sendable {
    /// Each of which plans to no change.
    package var drafts: [AdoptionDraft] = []
    /// What was found and is not described, in order.
    package var left: [LeftOut] = []
    /// What a person named, and can't have.
    package var refused: [LeftOut] = []

    /// Leaves a draft out.
    fileprivate mutating func leave(_ draft: AdoptionDraft, _ reason: String) {
        let item = LeftOut(draft.source, reason)
        if draft.isChosen { refused.append(item) } else { left.append(item) }
    }
}

extension Engine {
    /// Reads a host, and describes what is there in documents that plan to no change.
    ///
    /// - Parameters:
    ///   - request: what is to be read, of a server of the tree.
    ///   - kinds: the kinds to describe it with.
    ///   - tree: what the documents will stand beside.
    ///   - loader: what reads trees.
    /// - Returns: the documents, and what could not be described.
    /// - Throws: when the host can't be looked at, or the tree has errors of its own.
    package func adopt(
        _ request: AdoptionRequest, as kinds: [any Adopter.Type], beside tree: Tree,
        with loader: Loader
    ) async throws(Failure) -> AdoptionResult {
        guard let desired = loader.load(tree).desired,
            let place = Routes(desired.servers).place(request.server)
        else { throw .stalled(.init("the tree does not say how to reach \(request.server)")) }
        var request = request
        for resource in desired.resources where resource.server == request.server {
            for claim in resource.claims { request.claimed[claim] = resource.address }
        }
        let reading = HostReading(observer: observer(for: desired), place: place)
        var adoption = try await reading.adopt(kinds, request)
        let taken = Set(desired.resources.map(\.address))
        let drafts = AdoptionDraft.drafts(
            of: &adoption, kinds: kinds, server: request.server, taken: taken)
        var result = AdoptionResult(left: adoption.left, refused: adoption.refused)
        let (sound, tried) = try Self.sound(drafts, beside: tree, with: loader, &result)
        guard !sound.isEmpty, let tried else { return result }
        result.drafts = try await converged(sound, in: tried, &result)
        return result
    }

    /// The drafts that load; the tree with them.
    private static func sound(
        _ drafts: [AdoptionDraft], beside tree: Tree, with loader: Loader,
        _ result: inout AdoptionResult
    ) throws(Failure) -> ([AdoptionDraft], DesiredState?) {
        var drafts = drafts
        while true {
            var whole = tree
            whole.documents += drafts.map {
                SourceText(file: place(of: $0), bytes: Array($0.text.utf8))
            }
            let loaded = loader.load(whole)
            if let desired = loaded.desired { return (drafts, desired) }
            let errors = loaded.diagnostics.filter { $0.severity == .error }
            let reasons = Dictionary(
                errors.compactMap { error in error.location.map { ($0.file, error.summary) } },
                uniquingKeysWith: { first, _ in first })
            let wrong = drafts.filter { reasons[place(of: $0)] != nil }
            guard !wrong.isEmpty else {
                throw .stalled(
                    .init(
                        "beside what was found, the tree has an error: "
                            + (errors.first?.summary ?? "nothing is known of it")))
            }
            for draft in wrong {
                result.leave(draft, "can't be declared: \(reasons[place(of: draft)] ?? "")")
            }
            drafts.removeAll { reasons[place(of: $0)] != nil }
        }
    }

    private static func place(of draft: AdoptionDraft) -> String {
        "desired/adopted:/\(draft.file)"
    }

    /// The drafts that plan to no change.
    private func converged(
        _ drafts: [AdoptionDraft], in desired: DesiredState, _ result: inout AdoptionResult
    ) async throws(Failure) -> [AdoptionDraft] {
        let plan = try await prepare(
            desired,
            PlanRequest(source: "adopt", only: drafts.map(\.address.description))
        ).plan
        let unchanged = Set(plan.unchanged)
        var reasons: [Address: String] = [:]
        for change in plan.changes + plan.denied.map(\.change) {
            let what = change.differences.map(\.subject).joined(separator: ", ")
            reasons[change.address] = "would change: \(what)"
        }
        for unknown in plan.unknown + plan.refused { reasons[unknown.address] = unknown.reason }
        var kept: [AdoptionDraft] = []
        for draft in drafts {
            if unchanged.contains(draft.address) {
                kept.append(draft)
            } else {
                result.leave(draft, reasons[draft.address] ?? "was not planned for")
            }
        }
        return kept
    }
}
