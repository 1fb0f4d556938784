import Diagnostics
import Manifests
import Resources
import Storage

/// Following the branch: what is taken, what is not, and why.
extension Controller {
    /// Takes up what an earlier controller left: the commit that is in force, and what is wrong.
    func begin() async throws(Failure) {
        try await engine.store.markInterrupted(noticedBy: options.actor)
        conditions = Dictionary(
            try await engine.store.conditions().map { ($0.subject, $0) },
            uniquingKeysWith: { first, _ in first })
        goodRevision = try await engine.store.lastGoodCommit()?.revision.id
        let last = try await engine.store.commitInForce()
        inForce = last?.revision.id
        if let last { isOvertaken = try await wasOvertaken(since: last) }
        guard let last, let tree = try? await load(last.revision.id).desired else { return }
        try await take(tree)
        try await beginRollout(of: tree)
        guard last.verdict != .applied else { return }
        try await readFormerRules(before: last)
        guard let goodRevision else { return }
        good = try? await load(goodRevision).desired
    }

    /// Whether somebody has applied another commit since that one was taken.
    private func wasOvertaken(since last: CommitRecord) async throws(Failure) -> Bool {
        try await engine.store.runs().contains { run in
            run.startedAt >= last.seenAt && run.start.actor != options.actor
                && run.start.revision.id != last.revision.id
        }
    }

    /// Reads what the commits ask that were in force before the last one, back to the last good
    /// one. What can't be read any more asks nothing.
    private func readFormerRules(before last: CommitRecord) async throws(Failure) {
        let taken = try await engine.store.commits(limit: 100).filter {
            [.accepted, .stalled, .applied].contains($0.verdict)
                && $0.revision.id != last.revision.id
        }
        let good = taken.firstIndex { $0.verdict == .applied }
        for commit in taken.prefix(good.map { $0 + 1 } ?? taken.count).reversed() {
            guard let tree = try? await load(commit.revision.id).desired else { continue }
            formerRules.add(tree)
        }
    }

    /// Looks at the branch, and takes its head if it is new and fit.
    ///
    /// - Returns: whether there is a new commit to reach.
    func follow() async throws(Failure) -> Bool {
        var source = options.source
        source.silenceSeconds = settings.source.timeoutSeconds
        let ancestor = goodRevision ?? inForce
        let result = await Blocking.run("git") { [source] () throws(TreeError) in
            try source.head(after: ancestor)
        }
        switch result {
        case .failure(.failed(let failure)):
            sourceAttempts += 1
            try await complain(
                .retrying, failure.report.message, fix: failure.report.fix,
                attempts: sourceAttempts)
            return false
        case .failure(.invalid(let findings)):
            try await complain(.stalled, Self.words(findings), fix: findings.first?.fix)
            return false
        case .success(let head):
            sourceAttempts = 0
            do throws(Failure) {
                return try await consider(head)
            } catch {
                // What could not be written down is judged anew at the next look.
                self.head = nil
                throw error
            }
        }
    }

    private func consider(_ head: BranchHead) async throws(Failure) -> Bool {
        let isKnown = self.head == head
        self.head = head
        let revision = head.revision
        guard revision.id != target?.revision.id else {
            try await settle([], clearing: ["source"], saying: recovery)
            return false
        }
        guard !isKnown else { return false }
        guard head.isSuccessor else {
            let anchor = (goodRevision ?? target?.revision.id ?? "").prefix(10)
            return try await refuse(
                revision, .refused,
                "the branch was rewritten: \(revision.short) did not come out of \(anchor), "
                    + "which stays in force",
                fix: "put the branch back, or add to it what is to change")
        }
        let signer: String?
        switch await provenance(of: revision) {
        case .success(.unasked): signer = nil
        case .success(.signed(let name)): signer = name
        case .success(.refused(let message, let fix)):
            return try await refuse(revision, .refused, message, fix: fix)
        case .failure(let error):
            // Looked at anew at the next look.
            self.head = nil
            try await complain(.retrying, Self.words(error))
            return false
        }
        let loaded: LoadedTree
        do throws(TreeError) {
            loaded = try await load(revision.id)
        } catch {
            if case .failed = error {
                // Nothing is wrong with the commit: looked at anew at the next look.
                self.head = nil
                try await complain(.retrying, Self.words(error))
                return false
            }
            return try await refuse(revision, .invalid, Self.words(error))
        }
        guard let desired = loaded.desired else {
            return try await refuse(
                revision, .invalid, Self.words(loaded.diagnostics.filter { $0.severity == .error }),
                fix: "`stead validate --ref \(revision.short)` shows all of it")
        }
        try await accept(desired, signer)
        return true
    }

    private func provenance(
        of revision: Revision
    ) async -> Result<Provenance.Verdict, TreeError> {
        // Taken before, by the rule that held then.
        guard revision.id != inForce else { return .success(.unasked) }
        do throws(TreeError) {
            let provenance = Provenance(options.source, loader)
            return .success(try await provenance.judge(revision.id, after: inForce))
        } catch {
            return .failure(error)
        }
    }

    private func accept(_ desired: DesiredState, _ signer: String?) async throws(Failure) {
        let revision = desired.revision
        if let target {
            if target.revision.id == goodRevision {
                good = target
                formerRules = []
            }
            formerRules.add(target)
        }
        let rollout = try await rollOut(desired, after: target)
        // Written down before it is in force: otherwise nobody would know of it.
        try await judge(revision, .accepted, signer: signer, rollout: rollout)
        try await take(desired)
        inForce = revision.id
        isOvertaken = false
        reached = []
        try await letGo(ofPlansBefore: revision)
        let occurrence = Occurrence(
            .accepted, revision.id, revision.subject ?? "", revision: revision.id, at: seconds)
        try await settle([], clearing: ["source"], saying: recovery + [occurrence])
    }

    /// What waited for a person in an earlier commit does so no more; what of it is still due waits
    /// anew when its place's turn comes.
    private func letGo(ofPlansBefore revision: Revision) async throws(Failure) {
        for plan in try await engine.store.heldPlans(in: [.waiting])
        where plan.revision != revision.id {
            _ = try await engine.store.decide(
                plan.id, from: .waiting, to: .superseded, by: options.actor)
        }
    }

    /// That the branch can be followed again, where people were told that it can't be.
    private var recovery: [Occurrence] {
        guard let condition = conditions["source"] else { return [] }
        return [
            Occurrence(
                .recovered, "source", "was \(condition.state.rawValue): \(condition.message)",
                revision: target?.revision.id ?? "", at: seconds)
        ]
    }

    private func take(_ desired: DesiredState) async throws(Failure) {
        try await engine.protect(desired, by: options.actor)
        target = desired
        formerPlaces = try await databases()
    }

    /// Those of which the inventory holds something.
    func databases() async throws(Failure) -> Set<String> {
        let inventory = try await engine.store.inventory { _, _, _ in true }
        return Set(inventory.map(\.server).filter(Place.isDatabase))
    }

    private func refuse(
        _ revision: Revision, _ verdict: CommitRecord.Verdict, _ message: String,
        fix: String? = nil
    ) async throws(Failure) -> Bool {
        try await judge(revision, verdict, message)
        try await complain(.stalled, message, fix: fix, about: revision)
        return false
    }

    /// Writes down what became of a commit.
    func judge(
        _ revision: Revision, _ verdict: CommitRecord.Verdict, _ message: String? = nil,
        signer: String? = nil, rollout: RolloutChange? = nil
    ) async throws(Failure) {
        let known = try await engine.store.commit(revision.id)
        guard known?.verdict != verdict || known?.message != message || rollout != nil else {
            return
        }
        try await engine.store.judge(
            CommitRecord(
                revision: revision, verdict: verdict, message: message,
                signer: signer ?? known?.signer,
                seenAt: known?.seenAt ?? seconds,
                settledAt: verdict == .accepted ? nil : seconds),
            by: options.actor, rollout: rollout)
    }

    /// Says what is wrong with the source; what is in force stays so.
    private func complain(
        _ state: Condition.State, _ message: String, fix: String? = nil, attempts: Int = 0,
        about revision: Revision? = nil
    ) async throws(Failure) {
        let known = conditions["source"]
        let isNews = known?.state != state || known?.message != message
        let condition = Condition(
            subject: "source", state, message, fix: fix,
            revision: revision?.id ?? target?.revision.id ?? "", attempts: attempts,
            since: isNews ? seconds : known?.since ?? seconds)
        let sort: Occurrence.Sort =
            revision != nil ? .refused : state == .retrying ? .failed : .stalled
        let occurrence = Occurrence(
            sort, revision?.id ?? "source", message,
            revision: target?.revision.id ?? "", at: seconds)
        try await settle([condition], clearing: [], saying: isNews ? [occurrence] : [])
    }

    /// Reads the tree of a commit that is here already.
    func load(_ commit: String) async throws(TreeError) -> LoadedTree {
        var source = options.source
        source.ref = commit
        source.fetches = false
        let (loader, tree) = (loader, source)
        return try await Blocking.run("git") { () throws(TreeError) in
            loader.load(try tree.read())
        }.get()
    }

    private static func words(_ findings: [Diagnostic]) -> String {
        guard let first = findings.first else { return "nothing is known of it" }
        let place = first.location.map { "\($0): " } ?? ""
        let more = findings.count > 1 ? " (and \(findings.count - 1) more)" : ""
        return "\(place)\(first.summary)\(more)"
    }

    private static func words(_ error: TreeError) -> String {
        switch error {
        case .invalid(let findings): words(findings)
        case .failed(let failure): failure.report.message
        }
    }
}
