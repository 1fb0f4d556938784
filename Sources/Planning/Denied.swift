package import Diagnostics
package import Resources

extension Plan {
    /// A change that is due and will not be made: a policy denies it, or what it depends on waits.
    package struct Denied: Sendable, Equatable, Codable {
        package let change: PlannedChange
        /// The rules that deny it; empty for one that only waits.
        package let denials: [Denial]
        /// What it depends on, and is not made either.
        package let waitsFor: Address?

        package var address: Address { change.address }

        /// Why it is not made, in one line.
        package var reason: String {
            let told = denials.map { "denied by \($0.policy): \($0.message)" }
            let waiting = waitsFor.map { ["waits for \($0), which is denied"] } ?? []
            return (told + waiting).joined(separator: "; ")
        }
    }

    /// A rule that denies a change.
    package struct Denial: Sendable, Equatable, Codable {
        /// The policy's address.
        package let policy: Address
        /// What the rule tells people.
        package let message: String
        /// Where the rule stands.
        package let rule: SourceLocation
    }
}
