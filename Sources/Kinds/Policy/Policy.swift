import Diagnostics
import Resources

/// Rules over resources and changes. It is no resource: nothing of it is on any server, and it
/// never stands in a plan.
enum Policy: Kind {
    static let name: KindName = "Policy"

    /// There is never one.
    typealias Desired = Never
    /// Nothing is ever looked at.
    typealias Observation = Never

    static func server(of document: Document<PolicySpec>) -> String? { nil }
    static func references(of document: Document<PolicySpec>) -> [Reference] { [] }
    static func claims(of desired: Desired) -> [Claim] {}
    static func looks(for desired: Desired) -> [Look] {}
    static func steps(for change: Change<Policy>) -> [Step] { [] }

    static func observation(of desired: Desired, from output: ProbeOutput) throws(Failure)
        -> Observation?
    {}

    static func differences(from observed: Observation?, to desired: Desired?) -> [Difference] {
        []
    }

    /// The loader holds the tree against its rules, the planner the changes.
    static func resolve(
        _ document: Document<PolicySpec>, in tree: TreeIndex,
        reporting findings: inout [Diagnostic]
    ) -> Desired? { nil }
}
