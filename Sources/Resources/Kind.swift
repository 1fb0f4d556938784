package import Diagnostics

/// A kind of resource. Pure: it says what to look at, reads what came back, and says what to run.
///
/// `Spec` is what a document says; `Desired` is that spec resolved against its tree (templates
/// rendered, the server's settings taken in), so that it stands alone: it can be stored, and a
/// resource can be deleted long after its document is gone.
package protocol Kind: Sendable {
    associatedtype Spec: Sendable
    associatedtype Desired: Codable & Equatable & Sendable
    associatedtype Observation: Codable & Equatable & Sendable

    static var name: KindName { get }
    /// One sentence for `stead explain`.
    static var summary: String { get }
    /// The commented example that `stead explain` and the kind's page show; loads without errors.
    static var example: String { get }
    static var fields: FieldTable<Spec> { get }
    /// How its documents are called.
    static var naming: DocumentNaming { get }

    /// The server that the resource lives on; nil for a server itself.
    static func server(of document: Document<Spec>) -> String?
    /// Everything the document refers to, its server included: orders the plan.
    static func references(of document: Document<Spec>) -> [Reference]
    /// Resolves a valid document; reports what is wrong between it and its tree. Nil when it can't
    /// be resolved; then at least one error was reported.
    static func resolve(
        _ document: Document<Spec>, in tree: TreeIndex, reporting findings: inout [Diagnostic]
    ) -> Desired?
    /// Reports what else is wrong with a document that has errors already; what they concern is
    /// left as if it were not written.
    static func examine(
        _ document: Document<Spec>, in tree: TreeIndex, reporting findings: inout [Diagnostic])
    /// What nobody else on that server may claim as well.
    static func claims(of desired: Desired) -> [Claim]

    static func looks(for desired: Desired) -> [Look]
    /// What is there of it; nil when nothing is.
    static func observation(of desired: Desired, from output: ProbeOutput) throws(Failure)
        -> Observation?
    /// What differs. `desired` nil: it should be gone. Two nils never differ.
    static func differences(from observed: Observation?, to desired: Desired?) -> [Difference]
    /// What a person should know of what is there, whether anything differs or not.
    static func remarks(on observed: Observation?, for desired: Desired?) -> [Remark]
    /// What takes the host from `change.observed` to `change.desired`.
    static func steps(for change: Change<Self>) -> [Step]

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
    /// Most kinds stand for themselves.
    package static var naming: DocumentNaming { .own }

    /// Most kinds are understood as a whole, or not at all.
    package static func examine(
        _ document: Document<Spec>, in tree: TreeIndex, reporting findings: inout [Diagnostic]
    ) {}

    /// Most kinds have nothing to say besides what differs.
    package static func remarks(on observed: Observation?, for desired: Desired?) -> [Remark] { [] }

    /// The address of this kind's resource of a name.
    package static func address(_ name: String) -> Address { Address(Self.name, name) }
}
