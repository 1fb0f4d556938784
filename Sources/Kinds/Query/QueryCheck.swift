import Diagnostics
import Resources
import Schemas

/// Holds a query against the tables that it reads.
struct QueryCheck {
    private let query: NamedQuery
    private let origin: DocumentOrigin
    private let tables: [String: TableSpec]

    private let text: QueryText
    private let reach: QueryReach

    init(
        _ document: Document<NamedQuery>, _ schema: SchemaSpec, _ engine: DatabaseEngine,
        signIn: SignIn?
    ) {
        let names = schema.tables.flatMap { [$0.name] + $0.value.fields.map(\.name) }
        reach = QueryReach(document.spec.sql, engine, signIn: signIn, own: names)
        text = QueryText(document.spec.sql, engine)
        query = document.spec
        origin = document.origin
        tables = Dictionary(
            schema.tables.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    func run(_ findings: inout [Diagnostic]) {
        for table in text.tables where tables[table] == nil {
            report(
                &findings, "sql", "unknown table `{\(table)}`", code: .referenceUnknown,
                fix: Suggestion.sentence(for: table, among: tables.keys.sorted()))
        }
        checkPlainMentions(text, &findings)
        for complaint in reach.complaints {
            report(&findings, "sql", complaint.summary, why: complaint.why, fix: complaint.fix)
        }
        let known = Set(query.parameters.map(\.name)).union(["user_id", "role", "id"])
        for mark in Set(text.marks).sorted() where !known.contains(mark) {
            report(
                &findings, "sql", "`:\(mark)` is no parameter",
                why: "values are bound by their declared type",
                fix: "add `\(mark): {type: string}` to `parameters`")
        }
        let first = text.firstWord
        if first != "SELECT" && first != "WITH" {
            report(&findings, "sql", "must be a SELECT", why: "a query only reads")
        }
        if let override = query.override, tables[override.table] == nil {
            report(
                &findings, "overrides", "unknown table `\(override.table)`",
                code: .referenceUnknown,
                fix: Suggestion.sentence(for: override.table, among: tables.keys.sorted()))
        }
    }

    /// A table with rules can only be read through them: `{tasks}` is the rows that the caller may
    /// see, and the bare name would be all of them.
    private func checkPlainMentions(_ text: QueryText, _ findings: inout [Diagnostic]) {
        for (name, table) in tables.sorted(by: { $0.key < $1.key }) {
            let isDeletedSoftly =
                table.softDelete ?? table.fields.contains { $0.name == "deleted_at" }
            guard !table.filter.isEmpty || isDeletedSoftly, text.mentions(name) else { continue }
            report(
                &findings, "sql", "`\(name)` is read past its rules",
                why: "not every row of it is everybody's, or still there",
                fix: "write `{\(name)}`, which is the rows that the caller may see")
        }
    }

    private func report(
        _ findings: inout [Diagnostic], _ field: String, _ summary: String,
        code: DiagnosticCode = .fieldValue, why: String? = nil, fix: String? = nil
    ) {
        findings.append(origin.diagnostic(code, at: field, summary, why: why, fix: fix))
    }
}
