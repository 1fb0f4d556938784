package import Diagnostics
package import FoundationEssentials
package import Resources

/// One resource that is not as it should be, and what will be done.
package struct PlannedChange: Sendable, Equatable, Codable {
    /// What is done to the resource.
    package enum Action: String, Sendable, Codable, CaseIterable {
        case create
        case update
        case delete
        /// An update that only takes back what somebody did on the host.
        case drift

        /// How plans print it.
        package var glyph: Character {
            switch self {
            case .create: "+"
            case .update: "~"
            case .delete: "-"
            case .drift: "!"
            }
        }
    }

    /// Who moved.
    package enum Cause: String, Sendable, Codable, CaseIterable {
        /// Git moved.
        case edit
        /// The host moved.
        case drift
        /// Both moved.
        case both
        /// An earlier run was interrupted.
        case unfinished
        /// It was there before Stead, in another state.
        case adoption
        /// It is gone from the host, and git has not moved.
        case restore
        /// Neither moved since the last apply; another version of Stead judges otherwise.
        case unconverged
    }

    package let address: Address
    package let kind: KindName
    package let server: String
    package let action: Action
    package let cause: Cause
    /// What will differ on the host, mere spelling left out.
    package let differences: [PlannedDifference]
    /// Nil for a delete.
    package let desiredDigest: Digest?
    /// What was seen; apply refuses the change when it sees anything else.
    package let observedDigest: Digest
    /// Where its document stands; nil for one that has left git.
    package let location: SourceLocation?
    package let dependencies: [Address]
    /// The ids of the steps, in order.
    package let steps: [String]
    /// What is taken away; nil when nothing is.
    package let losses: [PlannedLoss]?
    /// What else a person should know, in one line.
    package private(set) var note: String?
    /// Why it is not made now; nil for one that may be made at any time, or now.
    package private(set) var waits: Wait?

    /// What has to be waited for.
    package struct Wait: Sendable, Equatable, Codable {
        /// One line.
        package var message: String
        /// When it may be made; nil when no such time was found.
        package var until: Date?
    }

    init(
        _ resource: any Resource, _ judgement: Judgement, _ assessment: Assessment,
        losses: [PlannedLoss], notes: [String]
    ) {
        address = resource.address
        kind = resource.kind
        server = resource.server
        action = judgement.action
        cause = judgement.cause
        differences = assessment.changes.map { PlannedDifference($0) }
        desiredDigest = judgement.action == .delete ? nil : resource.desiredDigest
        observedDigest = assessment.observedDigest
        location = resource.location
        dependencies = resource.dependencies
        let isKept =
            judgement.action == .delete && judgement.cause != .unfinished
            && !resource.keepsakes.isEmpty
        steps = (isKept ? [Self.keeping] : []) + assessment.stepIDs
        self.losses = losses.isEmpty ? nil : losses
        note = notes.isEmpty ? nil : notes.joined(separator: "; ")
    }

    /// The id of the step before a delete that keeps what is there.
    package static let keeping = "keep it in quarantine"

    /// The same change, to be made at another time.
    func waiting(_ wait: WindowWait) -> PlannedChange {
        var change = adding(notes: [wait.message])
        change.waits = Wait(
            message: wait.message,
            until: wait.until.map { Date(timeIntervalSince1970: Double($0)) })
        return change
    }

    /// The same change with more notes.
    func adding(notes: [String]) -> PlannedChange {
        guard !notes.isEmpty else { return self }
        var change = self
        change.note = ((note.map { [$0] } ?? []) + notes).joined(separator: "; ")
        return change
    }

    /// Whether something that is there now will be gone.
    package var removesSomething: Bool { action == .delete && cause != .unfinished }
}

extension PlannedChange {
    /// Whether git asks for nothing new here: what was applied is to be put back.
    package var isDrift: Bool {
        switch cause {
        case .drift, .restore, .unconverged: true
        case .edit, .both, .unfinished, .adoption: false
        }
    }
}
