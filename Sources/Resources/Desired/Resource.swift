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
    /// Whether its document says that it is never deleted.
    var isProtected: Bool { get }
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
    /// What to look at to tell what its delete would take away.
    var removalLooks: [Look] { get }
    /// What its host keeps of it when it is deleted.
    var keepsakes: [Keepsake] { get }

    /// What puts it in force again once its host has put back what it kept.
    func revival(on facts: HostFacts) -> [Step]
    /// What is in the way of bringing it back where it was; empty when nothing is.
    func obstacles(in output: ProbeOutput) throws(Failure) -> [String]
    /// Holds what a host answered against what is desired.
    ///
    /// - Throws: when the answer does not say enough; the resource is then unknown.
    func assess(_ output: ProbeOutput, _ intent: Intent) throws(Failure) -> Assessment
}

extension Resource {
    /// Most say nothing of it.
    package var health: [HealthCheck] { [] }
    package var isProtected: Bool { false }
    package var removalLooks: [Look] { looks }
    package var keepsakes: [Keepsake] { [] }
    /// Nothing has to be done where nothing is kept.
    package func revival(on facts: HostFacts) -> [Step] { [] }
    /// On a host, the command that puts back says what is in its way.
    package func obstacles(in output: ProbeOutput) throws(Failure) -> [String] { [] }
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
    package let isProtected: Bool
    package let location: SourceLocation?
    package let server: String
    package let dependencies: [Address]
    package let desired: K.Desired
    package let desiredDigest: Digest

    /// - Throws: when `desired` can't be encoded, which a correct kind's always can.
    package init(
        address: Address, labels: [String: String] = [:], drift: Settings.Drift? = nil,
        isGuarded: Bool? = nil, isProtected: Bool = false, health: [HealthCheck] = [],
        location: SourceLocation? = nil,
        server: String, dependencies: [Address] = [], desired: K.Desired
    ) throws {
        self.address = address
        self.labels = labels
        self.drift = drift
        self.isGuarded = isGuarded
        self.health = health
        self.isProtected = isProtected
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
    package var removalLooks: [Look] { K.removalLooks(for: desired) }
    package var keepsakes: [Keepsake] { K.keepsakes(of: desired) }
    /// See `Resource.revival`.
    package func revival(on facts: HostFacts) -> [Step] { K.revival(of: desired, on: facts) }

    /// See `Resource.obstacles`.
    package func obstacles(in output: ProbeOutput) throws(Failure) -> [String] {
        guard let observed = try K.observation(of: desired, from: output) else { return [] }
        return K.obstacles(toRestoring: desired, in: observed)
    }

    /// See `Resource.assess`.
    package func assess(_ output: ProbeOutput, _ intent: Intent) throws(Failure) -> Assessment {
        let observed = try K.observation(of: desired, from: output)
        let target = intent.isRemoval ? nil : desired
        let differences = K.differences(from: observed, to: target)
        let remarks = K.remarks(on: observed, for: target)
        let losses = observed.map { K.losses(from: $0, to: target) } ?? []
        let isDue = intent.isUnfinished || differences.contains { !$0.isNormalisation }
        let observation = try encoded(observed)
        guard isDue else {
            var assessment = Assessment(
                exists: observed != nil, observation: observation, differences: differences)
            assessment.remarks = remarks
            assessment.losses = losses
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
        assessment.losses = losses
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
