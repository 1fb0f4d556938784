package import Diagnostics

/// A resource of any kind, resolved: what the engine works with.
package protocol Resource: Sendable {
    var address: Address { get }
    var kind: KindName { get }
    var labels: [String: String] { get }
    /// What is done about drift; nil when its document leaves it to the settings.
    var drift: Settings.Drift? { get }
    /// Whether its changes are guarded; nil when its document leaves it to their paths.
    var isGuarded: Bool? { get }
    /// What shows that it does its work.
    var health: [HealthCheck] { get }
    /// Where its document stands; nil for one that has left git.
    var location: SourceLocation? { get }
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

extension Resource {
    /// Most say nothing of it.
    package var health: [HealthCheck] { [] }
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
///
/// A class, since desired state, inventory, plan and run all hold the same thousands of them.
package final class Resolved<K: Kind>: Resource {
    package let address: Address
    package var kind: KindName { K.name }
    package let labels: [String: String]
    package let drift: Settings.Drift?
    package let isGuarded: Bool?
    package let health: [HealthCheck]
    package let location: SourceLocation?
    package let server: String
    package let dependencies: [Address]
    package let desired: K.Desired
    package let desiredDigest: Digest

    /// - Throws: when `desired` can't be encoded, which a correct kind's always can.
    package init(
        address: Address, labels: [String: String] = [:], drift: Settings.Drift? = nil,
        isGuarded: Bool? = nil, health: [HealthCheck] = [], location: SourceLocation? = nil,
        server: String, dependencies: [Address] = [], desired: K.Desired
    ) throws {
        self.address = address
        self.labels = labels
        self.drift = drift
        self.isGuarded = isGuarded
        self.health = health
        self.location = location
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
        let remarks = K.remarks(on: observed, for: target)
        let isDue = intent.isUnfinished || differences.contains { !$0.isNormalisation }
        let observation = try encoded(observed)
        guard isDue else {
            var assessment = Assessment(
                exists: observed != nil, observation: observation, differences: differences)
            assessment.remarks = remarks
            return assessment
        }
        let facts = output.facts
        let seen = observed.map(Box.init)
        var assessment = Assessment(
            exists: observed != nil, observation: observation, differences: differences
        ) { [self] in
            let change = Change<K>(
                address: address, facts: facts, observed: seen?.value,
                desired: intent.isRemoval ? nil : desired, declared: desired,
                isUnfinished: intent.isUnfinished)
            return K.steps(for: change)
        }
        assessment.remarks = remarks
        return assessment
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

/// A value behind a reference: what closures keep of an absent one is a word.
private final class Box<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
