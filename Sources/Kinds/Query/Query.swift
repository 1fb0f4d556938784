import Diagnostics
import Resources
import Schemas

/// SQL of an app's own. It is part of the app's release, and nothing by itself.
enum Query: Kind {
    static let name: KindName = "Query"
    static let naming = DocumentNaming.withinFolder

    /// There is never one: the app holds it.
    typealias Desired = Never
    /// Nothing is ever looked at.
    typealias Observation = Never

    static let summary = "SQL of an app's own that its API serves, values always bound."

    static let example = """
        kind: Query                  # desired/apps/prokov/queries/overdue.yaml
        name: overdue                # GET /api/overdue?before=2026-12-24
        sql: |
          SELECT id, title, due FROM {tasks}
          WHERE due < :before AND NOT done ORDER BY due
        parameters:
          before: {type: date}
        columns:
          id: {type: int}
          title: {type: string}
          due: {type: date}
        roles: [member, admin]

        """

    static func server(of document: Document<NamedQuery>) -> String? {
        document.origin.source.appFolder.map(AppPlace.name)
    }

    static func references(of document: Document<NamedQuery>) -> [Reference] { [] }
    static func claims(of desired: Desired) -> [Claim] {}
    static func looks(for desired: Desired) -> [Look] {}
    static func steps(for change: Change<Query>) -> [Step] { [] }

    static func observation(of desired: Desired, from output: ProbeOutput) throws(Failure)
        -> Observation?
    {}

    static func differences(from observed: Observation?, to desired: Desired?) -> [Difference] {
        []
    }

    /// Checks the query against the tables of its app; the app itself takes it along.
    static func resolve(
        _ document: Document<NamedQuery>, in tree: TreeIndex,
        reporting findings: inout [Diagnostic]
    ) -> Desired? {
        guard let app = document.origin.source.appFolder else {
            findings.append(
                document.origin.diagnostic(
                    .fieldConflict, "a query must lie in an app's folder",
                    fix: "move it to `apps/NAME/queries/`"))
            return nil
        }
        guard let schema = tree.part(Address("Schema", app), as: SchemaSpec.self),
            let spec = tree.part(Address("App", app), as: AppSpec.self)
        else { return nil }
        let engine = spec.database.address.engine
        QueryCheck(document, schema, engine, signIn: spec.auth).run(&findings)
        return nil
    }
}
