import Resources

/// What kind of change a resource needs, and why: git now and at the last apply, the host now and
/// after the last apply.
struct Judgement: Equatable {
    var action: PlannedChange.Action
    var cause: PlannedChange.Cause

    init(_ action: PlannedChange.Action, _ cause: PlannedChange.Cause) {
        self.action = action
        self.cause = cause
    }

    /// Judges a resource that git declares by what the inventory holds of it on the same server;
    /// nil when nothing is to be done.
    init?(
        desired: Digest, entry: InventoryEntry?, assessment: Assessment, isUnfinished: Bool
    ) {
        guard !assessment.isConverged else {
            guard isUnfinished, !assessment.stepIDs.isEmpty else { return nil }
            self.init(.update, .unfinished)
            return
        }
        guard let entry else {
            switch (assessment.exists, isUnfinished) {
            case (false, _): self.init(.create, .edit)
            case (true, true): self.init(.update, .unfinished)
            case (true, false): self.init(.update, .adoption)
            }
            return
        }
        let gitMoved = entry.desiredDigest != desired
        let hostMoved = entry.observedDigest != assessment.observedDigest
        guard assessment.exists else {
            self.init(gone: gitMoved, hostMoved: hostMoved, isUnfinished: isUnfinished)
            return
        }
        switch (gitMoved, hostMoved) {
        // What an interrupted run has written is no doing of the host.
        case (_, true) where isUnfinished || entry.isClaim: self.init(.update, .unfinished)
        case (true, true): self.init(.update, .both)
        case (true, false): self.init(.update, .edit)
        case (false, true): self.init(.drift, .drift)
        case (false, false): self.init(.update, isUnfinished ? .unfinished : .unconverged)
        }
    }

    /// Judges a resource of which nothing is there, though it was applied.
    private init(gone gitMoved: Bool, hostMoved: Bool, isUnfinished: Bool) {
        if hostMoved, isUnfinished {
            self.init(.create, .unfinished)
        } else if hostMoved {
            self = gitMoved ? Judgement(.create, .both) : Judgement(.drift, .restore)
        } else {
            self.init(.create, gitMoved ? .edit : .unfinished)
        }
    }

    /// Judges a resource that git no longer declares and that Stead applied; nil when nothing of it
    /// is left to be undone.
    init?(removal entry: InventoryEntry, assessment: Assessment, isUnfinished: Bool) {
        guard assessment.exists, !assessment.isConverged else {
            guard isUnfinished, !assessment.stepIDs.isEmpty else { return nil }
            self.init(.delete, .unfinished)
            return
        }
        let hostMoved = entry.observedDigest != assessment.observedDigest
        let isOurs = isUnfinished || entry.isClaim
        self.init(.delete, hostMoved && !isOurs ? .both : .edit)
    }
}

extension InventoryEntry {
    private static let nothing = Digest(of: "")

    /// Whether it was written when a run began that never came to record what it had made.
    fileprivate var isClaim: Bool { observedDigest == Self.nothing }
}
