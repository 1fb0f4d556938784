package import Diagnostics

/// A resource held against its host: what is there, what differs, what would make it right.
package struct Assessment: Sendable {
    /// Whether anything of the resource is on the host.
    package var exists: Bool
    /// What was seen, as canonical JSON without contents; nil when nothing is there.
    package var observation: [UInt8]?
    /// Empty when the host is as desired.
    package var differences: [Difference]
    /// What a person should know besides.
    package var remarks: [Remark] = []
    /// What would be taken away.
    package var losses: [Loss] = []
    /// The ids of what makes it so, in order; empty when nothing is due.
    package let stepIDs: [String]
    private let makeSteps: @Sendable () -> [Step]

    /// - Parameters:
    ///   - exists: Whether anything of the resource is on the host.
    ///   - observation: What was seen, as canonical JSON.
    ///   - differences: How the host is not as desired.
    ///   - steps: Makes the steps; always the same ones.
    package init(
        exists: Bool, observation: [UInt8]?, differences: [Difference],
        steps: @escaping @Sendable () -> [Step] = { [] }
    ) {
        self.exists = exists
        self.observation = observation
        self.differences = differences
        stepIDs = steps().map(\.id)
        makeSteps = steps
    }

    /// What makes it so, in order: made anew each time, as a plan only needs the ids.
    package var steps: [Step] { makeSteps() }

    /// Identifies what was seen; the digest of nothing when nothing is there.
    package var observedDigest: Digest { Digest(of: observation ?? []) }

    /// Differences that are more than another spelling.
    package var changes: [Difference] { differences.filter { !$0.isNormalisation } }

    package var isConverged: Bool { changes.isEmpty }
}

/// What is known of a resource after a look.
package enum Sight: Sendable {
    case seen(Assessment)
    /// Could not be observed, and why. Never treated as absent.
    case unknown(Failure)
}
