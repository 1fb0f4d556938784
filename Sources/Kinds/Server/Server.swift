import Diagnostics
import Resources

/// A machine, and how to reach it. Nothing on it is changed for its own sake.
enum Server: Kind {
    typealias Desired = ServerSpec
    typealias Observation = HostFacts

    static let name: KindName = "Server"

    static func server(of document: Document<ServerSpec>) -> String? { nil }

    static func references(of document: Document<ServerSpec>) -> [Reference] {
        document.spec.via.map { [Reference(field: "via", to: "Server", $0)] } ?? []
    }

    static func resolve(
        _ document: Document<ServerSpec>, in tree: TreeIndex,
        reporting findings: inout [Diagnostic]
    ) -> ServerSpec? {
        let problems =
            document.spec.transport == .local
            ? conflictsOfLocal(document) : problemsOfSSH(document)
        findings += problems
        return problems.hasErrors ? nil : document.spec
    }

    static func claims(of desired: ServerSpec) -> [Claim] { [] }

    static func looks(for desired: ServerSpec) -> [Look] { [] }

    static func observation(of desired: ServerSpec, from output: ProbeOutput) throws(Failure)
        -> HostFacts?
    {
        output.facts
    }

    static func differences(from observed: HostFacts?, to desired: ServerSpec?) -> [Difference] {
        []
    }

    static func steps(for change: Change<Server>) -> [Step] { [] }

    private static func problemsOfSSH(_ document: Document<ServerSpec>) -> [Diagnostic] {
        guard document.spec.host == nil else { return [] }
        return [
            document.origin.diagnostic(
                .fieldMissing, "`host` is missing", why: "the `ssh` transport connects to it",
                fix: "add `host: 203.0.113.7`, or `transport: local` for this machine itself")
        ]
    }

    /// The local transport connects to nothing, so whoever writes where to connect means something
    /// else.
    private static func conflictsOfLocal(_ document: Document<ServerSpec>) -> [Diagnostic] {
        let conflicting = ["host", "identityFile", "hostKey", "via"]
        let ignored = ["port", "user", "connectTimeout"]
        let isWritten = { (field: String) in document.origin.places[field] != nil }
        return conflicting.filter(isWritten).map { field in
            document.origin.diagnostic(
                .fieldConflict, at: field, "`\(field)` and `transport: local` exclude each other",
                why: "the local transport makes no connection", fix: "remove one of them")
        }
            + ignored.filter(isWritten).map { field in
                document.origin.diagnostic(
                    .fieldIgnored, at: field, "`\(field)` does nothing with `transport: local`",
                    severity: .warning, fix: "remove it")
            }
    }
}
