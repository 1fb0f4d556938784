import Diagnostics
import Resources
import Schemas

/// The tables of an app, brought about in its database.
enum AppSchema: Kind {
    static let name: KindName = "Schema"
    static let naming = DocumentNaming.folder

    struct Desired: Sendable, Equatable, Codable {
        var app: String
        var database: DatabaseAddress
        /// What the database is to hold; what is only the gateway's is left out.
        var schema: Schema
        /// How long what is put aside is kept, as `policy.quarantine` says; nil for the usual time.
        var quarantineSeconds: Int?
    }

    static func server(of document: Document<SchemaSpec>) -> String? {
        AppPlace.name(of: document.address.name)
    }

    static func references(of document: Document<SchemaSpec>) -> [Reference] { [] }

    static func claims(of desired: Desired) -> [Claim] { [] }

    static func resolve(
        _ document: Document<SchemaSpec>, in tree: TreeIndex,
        reporting findings: inout [Diagnostic]
    ) -> Desired? {
        let name = document.address.name
        guard let spec = tree.part(Address("App", name), as: AppSpec.self) else {
            if tree.isUnread(Address("App", name)) { return nil }
            findings.append(
                document.origin.diagnostic(
                    .referenceUnknown, at: "name", "unknown app",
                    why: "a schema needs the database of the app that it belongs to",
                    fix: "write `app.yaml` beside it; `stead explain App` shows one"))
            return nil
        }
        var app = AppDefinition(name: name, database: spec.database.address)
        app.auth = spec.auth
        let reading = SchemaReading(document.spec, app: app, origin: document.origin)
        guard var schema = reading.schema(reporting: &findings) else { return nil }
        findings += openTables(of: schema, app, document.origin)
        findings += takenNames(in: schema, app, document.origin)
        for index in schema.tables.indices {
            schema.tables[index].rules = TableRules()
            for column in schema.tables[index].columns.indices {
                schema.tables[index].columns[column].access = FieldAccess()
                schema.tables[index].columns[column].stamp = nil
            }
        }
        let quarantine = tree.policy.quarantineSeconds
        return Desired(
            app: name, database: app.database, schema: schema,
            quarantineSeconds: quarantine == SchemaWork.usualQuarantineSeconds ? nil : quarantine)
    }

    static func examine(
        _ document: Document<SchemaSpec>, in tree: TreeIndex,
        reporting findings: inout [Diagnostic]
    ) {
        let name = document.address.name
        guard let spec = tree.part(Address("App", name), as: AppSpec.self) else { return }
        var app = AppDefinition(name: name, database: spec.database.address)
        app.auth = spec.auth
        SchemaReading(document.spec, app: app, origin: document.origin)
            .examine(reporting: &findings)
    }

    /// One warning for all of a schema's tables: an app that was there before may have many.
    private static func openTables(
        of schema: Schema, _ app: AppDefinition, _ origin: DocumentOrigin
    ) -> [Diagnostic] {
        let open = schema.openTables
        guard let auth = app.auth, let first = open.first else { return [] }
        let own = open.lazy.compactMap {
            schema.ownFilter(of: $0, signIn: auth, on: app.database.engine)
        }.first
        let names = open.prefix(10).map { "`\($0.name)`" }.joined(separator: ", ")
        let more = open.count > 10 ? " and \(open.count - 10) more" : ""
        return [
            origin.diagnostic(
                .rowsOpen, at: "tables.\(first.name)",
                "whoever has signed in may touch every row of \(names)\(more)",
                severity: .warning, why: "nothing says whose these rows are",
                fix: "write a `filter`, such as `\(own ?? "owner")`; "
                    + "`filter: all` where that is meant")
        ]
    }

    /// Warnings of tables and columns whose names the API has a use of its own for.
    private static func takenNames(
        in schema: Schema, _ app: AppDefinition, _ origin: DocumentOrigin
    ) -> [Diagnostic] {
        func warning(_ place: String, _ summary: String) -> Diagnostic {
            origin.diagnostic(
                .fieldIgnored, at: "tables.\(place)", summary, severity: .warning,
                fix: "give it another name, with `renamedFrom`")
        }
        var findings: [Diagnostic] = []
        for table in schema.tables {
            let name = table.name
            if name == "auth", app.auth != nil {
                findings.append(warning(name, "`/auth` is for signing in: the API has no `auth`"))
            } else if ["docs", "_schema", "openapi.json"].contains(name) {
                findings.append(
                    warning(name, "the table takes the place of the API's own `/\(name)`"))
            }
            if table["_etag"] != nil {
                findings.append(
                    warning(
                        "\(name).fields._etag",
                        "`_etag` is a row's version in the API, not this column"))
            }
        }
        return findings
    }

    // MARK: - Looking and changing

    static func looks(for desired: Desired) -> [Look] { [look(for: desired)] }

    private static func look(for desired: Desired) -> Look {
        AppPlace.look(.schema(app: desired.app, desired.database, desired.schema))
    }

    static func observation(of desired: Desired, from output: ProbeOutput) throws(Failure)
        -> SchemaObservation?
    {
        let removal = removalLook(for: desired)
        let asked = output.answers[removal] == nil ? look(for: desired) : removal
        let sighting: SchemaSighting = try AppPlace.answer(asked, in: output)
        guard sighting.exists else { return nil }
        let observation = SchemaObservation(sighting, of: desired)
        let difference = SchemaWork.difference(
            observation, to: asked == removal ? Schema() : desired.schema, on: desired.database)
        guard difference.refusals.isEmpty, sighting.obstacles.isEmpty else {
            let message =
                difference.refusals.isEmpty
                ? "the rows that are there stand against this schema"
                : "the database can't become what this schema says"
            // A mistyped former name is often why.
            let lines = difference.refusals + sighting.obstacles + difference.lostNames
            throw .refused(
                .init(
                    message, detail: lines.joined(separator: "\n"),
                    fix: sighting.obstacles.isEmpty ? nil : "change these rows, or the schema"))
        }
        return observation
    }

    static func differences(from observed: SchemaObservation?, to desired: Desired?)
        -> [Difference]
    {
        guard let observed else {
            guard let desired else { return [] }
            let migration = SchemaWork.migration(nil, to: desired.schema, on: desired.database)
            return [Difference("database", .text(old: nil, new: desired.database.description))]
                + SchemaWork.differences(of: migration, seen: nil)
        }
        let migration = SchemaWork.migration(
            observed, to: desired?.schema ?? Schema(), on: observed.database)
        return SchemaWork.differences(of: migration, seen: observed)
    }

    static func remarks(on observed: SchemaObservation?, for desired: Desired?) -> [Remark] {
        guard let observed, let desired else { return [] }
        let difference = SchemaWork.difference(
            observed, to: desired.schema, on: observed.database)
        let undeclared = Remark(
            "in the database, not in the schema, and never Stead's: left as it is",
            items: difference.undeclared)
        return difference.lostNames.map { Remark($0) }
            + (undeclared.items.isEmpty ? [] : [undeclared])
    }

    static func steps(for change: Change<AppSchema>) -> [Step] {
        let database = change.declared.database
        let migration = SchemaWork.migration(
            change.observed, to: change.desired?.schema ?? Schema(), on: database)
        var steps: [Step] = []
        if change.observed == nil {
            guard change.desired != nil else { return [] }
            steps.append(AppPlace.step("create \(database)", .create(database)))
        }
        let groups = migration.groups(on: database.engine)
        return steps
            + groups.map { group in
                AppPlace.step(group.title, .migrate(database, group))
            }
    }
}
