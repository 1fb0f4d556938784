package import Diagnostics

/// A resource of any kind, resolved: what the engine works with.
package protocol Resource: Sendable {
    var address: Address { get }
    var kind: KindName { get }
    var labels: [String: String] { get }
    /// Where its document stands; nil for one that has left git.
    var origin: DocumentOrigin? { get }
    /// The server it lives on; for a server, itself.
    var server: String { get }
    var dependencies: [Address] { get }
    /// Canonical JSON of what is desired, contents as digests: what the inventory keeps.
    var declaration: [UInt8] { get }
    /// The digest of `declaration`.
    var desiredDigest: Digest { get }
    var claims: [Claim] { get }
    var looks: [Look] { get }

    /// Holds what a host answered against what is desired.
    ///
    /// - Throws: when the answer does not say enough; the resource is then unknown.
    func assess(_ output: ProbeOutput, _ intent: Intent) throws(Failure) -> Assessment
}

/// What an assessment is for.
package struct Intent: Sendable {
    /// The resource has left git: it should be gone.
    package var isRemoval: Bool
    /// An earlier run was interrupted; see `Change.isUnfinished`.
    package var isUnfinished: Bool

    package init(isRemoval: Bool = false, isUnfinished: Bool = false) {
        self.isRemoval = isRemoval
        self.isUnfinished = isUnfinished
    }
}

/// A resource of kind `K`.
package struct Resolved<K: Kind>: Resource {
    package let address: Address
    package var kind: KindName { K.name }
    package let labels: [String: String]
    package let origin: DocumentOrigin?
    package let server: String
    package let dependencies: [Address]
    package let desired: K.Desired
    package let desiredDigest: Digest

    /// - Throws: when `desired` can't be encoded, which a correct kind's always can.
    package init(
        address: Address, labels: [String: String] = [:], origin: DocumentOrigin? = nil,
        server: String, dependencies: [Address] = [], desired: K.Desired
    ) throws {
        self.address = address
        self.labels = labels
        self.origin = origin
        self.server = server
        self.dependencies = dependencies
        self.desired = desired
        self.desiredDigest = Digest(of: try CanonicalJSON.encode(desired))
    }

    /// Made anew each time: ten thousand of them at once would be most of a plan's memory.
    package var declaration: [UInt8] {
        // The initializer has shown that it can be encoded.
        (try? CanonicalJSON.encode(desired)) ?? []
    }

    package var claims: [Claim] { K.claims(of: desired) }
    package var looks: [Look] { K.looks(for: desired) }

    /// See `Resource.assess`.
    package func assess(_ output: ProbeOutput, _ intent: Intent) throws(Failure) -> Assessment {
        let observed = try K.observation(of: desired, from: output)
        let target = intent.isRemoval ? nil : desired
        let differences = K.differences(from: observed, to: target)
        let isDue = intent.isUnfinished || differences.contains { !$0.isNormalisation }
        let change = Change<K>(
            address: address, facts: output.facts, observed: observed, desired: target,
            declared: desired, isUnfinished: intent.isUnfinished)
        return Assessment(
            exists: observed != nil, observation: try encoded(observed),
            differences: differences, steps: isDue ? K.steps(for: change) : [])
    }

    private func encoded(_ observation: K.Observation?) throws(Failure) -> [UInt8]? {
        guard let observation else { return nil }
        do {
            return try CanonicalJSON.encode(observation)
        } catch {
            throw .stalled(.init("cannot encode what was observed: \(error)"))
        }
    }
}
