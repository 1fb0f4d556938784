/// What most kinds say of deletes.
extension Kind {
    /// Most kinds are looked at in one way.
    package static func removalLooks(for desired: Desired) -> [Look] { looks(for: desired) }

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
