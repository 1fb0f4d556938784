import Diagnostics
import Resources
import Schemas

/// An app: its keys, and the release that the gateway serves.
enum App: Kind {
    static let name: KindName = "App"
    static let naming = DocumentNaming.folder

    struct Desired: Sendable, Equatable, Codable {
        var release: Release
    }

    static func server(of document: Document<AppSpec>) -> String? {
        AppPlace.name(of: document.address.name)
    }

    /// The tables come first: a release is only published once they are as it says.
    static func references(of document: Document<AppSpec>) -> [Reference] {
        [Reference(field: "name", to: "Schema", document.address.name)]
    }

    static func claims(of desired: Desired) -> [Claim] {
        let app = desired.release.app
        let hosts = app.hosts.isEmpty ? ["*"] : app.hosts
        return hosts.map { Claim(.domain, $0 + app.basePath, field: "hosts") }
    }

    static func resolve(
        _ document: Document<AppSpec>, in tree: TreeIndex, reporting findings: inout [Diagnostic]
    ) -> Desired? {
        let app = AppPlace.definition(of: document, reporting: &findings)
        let part = tree.part(
            Address("Schema", document.address.name), as: SchemaSpec.self)
        guard let app, let part else { return nil }
        // What is wrong with the tables is told where they are declared.
        var ignored: [Diagnostic] = []
        let reading = SchemaReading(part, app: app, origin: document.origin)
        let schema = reading.schema(reporting: &ignored)
        let count = findings.count
        checkSignIn(app, schema ?? reading.draft, document.origin, &findings)
        let queries = tree.parts("Query", of: app.name, as: NamedQuery.self)
        for name in app.auth?.loginData ?? [] where queries[name] == nil {
            findings.append(
                document.origin.diagnostic(
                    .referenceUnknown, at: "auth.loginData", "unknown query `\(name)`",
                    fix: Suggestion.sentence(for: name, among: queries.keys.sorted())))
        }
        guard let schema else { return nil }
        var release = Release(app: app, schema: schema)
        release.queries = queries.sorted { $0.key < $1.key }.map { name, query in
            var named = query
            named.name = name
            return named
        }
        return findings.count == count ? Desired(release: release) : nil
    }

    private static func checkSignIn(
        _ app: AppDefinition, _ schema: Schema, _ origin: DocumentOrigin,
        _ findings: inout [Diagnostic]
    ) {
        guard let auth = app.auth else { return }
        guard let table = schema[auth.table] else {
            findings.append(
                origin.diagnostic(
                    .referenceUnknown, at: "auth.table", "unknown table `\(auth.table)`",
                    fix: Suggestion.sentence(
                        for: auth.table, among: schema.tables.map(\.name))))
            return
        }
        let columns =
            [("login", auth.login), ("password", auth.password)]
            + (auth.role.map { [("role", $0)] } ?? [])
        for (field, column) in columns where table[column] == nil {
            findings.append(
                origin.diagnostic(
                    .referenceUnknown, at: "auth.\(field)",
                    "the table `\(auth.table)` has no column `\(column)`",
                    fix: Suggestion.sentence(for: column, among: table.columns.map(\.name))))
        }
        if table.primaryKey.count != 1 {
            findings.append(
                origin.diagnostic(
                    .fieldValue, at: "auth.table",
                    "`\(auth.table)` needs a primary key of one column",
                    why: "a token names a row by it"))
        }
        if let login = table[auth.login], !table.uniques.contains([login.name]), !login.isPrimary {
            findings.append(
                origin.diagnostic(
                    .fieldValue, at: "auth.login", "`\(login.name)` must be unique",
                    why: "two people could otherwise not be told apart",
                    fix: "add `unique: true` to `\(auth.table).\(login.name)`"))
        }
    }

    // MARK: - Looking and changing

    static func looks(for desired: Desired) -> [Look] { [look(for: desired)] }

    private static func look(for desired: Desired) -> Look {
        AppPlace.look(.app(desired.release))
    }

    static func observation(of desired: Desired, from output: ProbeOutput) throws(Failure)
        -> AppSighting?
    {
        let sighting: AppSighting = try AppPlace.answer(look(for: desired), in: output)
        if let complaints = sighting.complaints { throw ReleaseCheck.refusal(complaints) }
        return sighting.release == nil && !sighting.hasKeys ? nil : sighting
    }

    static func differences(from observed: AppSighting?, to desired: Desired?) -> [Difference] {
        guard let desired else {
            return observed?.release == nil
                ? [] : [Difference("release", .text(old: "published", new: nil))]
        }
        var differences: [Difference] = []
        if desired.release.app.auth != nil, observed?.hasKeys != true {
            differences.append(Difference("signing keys", .text(old: nil, new: "made")))
        }
        let old = observed?.release.flatMap { try? Release(decoding: Array($0.utf8)) }
        if old != desired.release {
            differences.append(
                Difference("release", ReleaseText.difference(from: old, to: desired.release)))
        }
        return differences
    }

    static func steps(for change: Change<App>) -> [Step] {
        let name = change.declared.release.app.name
        guard let desired = change.desired else {
            return change.observed?.release == nil
                ? [] : [AppPlace.step("withdraw the release", .withdraw(app: name))]
        }
        var steps: [Step] = []
        if desired.release.app.auth != nil, change.observed?.hasKeys != true {
            steps.append(AppPlace.step("make signing keys", .makeKeys(desired.release.app)))
        }
        let text = (try? desired.release.encoded()).map { String(decoding: $0, as: UTF8.self) }
        if let text, change.observed?.release != text {
            steps.append(AppPlace.step("publish the release", .publish(app: name, release: text)))
        }
        return steps
    }
}
