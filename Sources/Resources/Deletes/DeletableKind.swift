/// What a kind says of deletes: what they take away, what is kept of it, and how it comes back.
package protocol DeletableKind: Sendable {
    associatedtype Desired: Codable & Equatable & Sendable
    associatedtype Observation: Codable & Equatable & Sendable

    /// What to look at before a delete.
    static func removalLooks(for desired: Desired) -> [Look]
    /// What of the observed is no longer there once it is as desired.
    static func losses(from observed: Observation, to desired: Desired?) -> [Loss]
    /// What its host keeps of it when it is deleted: all that its steps may then remove.
    static func keepsakes(of desired: Desired) -> [Keepsake]
    /// What puts it in force again once its host has put back what it kept.
    static func revival(of desired: Desired, on facts: HostFacts) -> [Step]
    /// What is in the way of bringing it back; for what lies in a database.
    static func obstacles(toRestoring desired: Desired, in observed: Observation) -> [String]
}

extension Kind {
    /// Most kinds are looked at in one way.
    package static func removalLooks(for desired: Desired) -> [Look] { looks(for: desired) }
}

extension DeletableKind {
    /// A server has nothing to lose.
    package static func losses(from observed: Observation, to desired: Desired?) -> [Loss] { [] }

    /// What lies in a database is kept there.
    package static func keepsakes(of desired: Desired) -> [Keepsake] { [] }

    /// What lies in a database is in force once it is there.
    package static func revival(of desired: Desired, on facts: HostFacts) -> [Step] { [] }

    /// On a host, the command that puts back says what is in its way.
    package static func obstacles(
        toRestoring desired: Desired, in observed: Observation
    ) -> [String] { [] }
}
