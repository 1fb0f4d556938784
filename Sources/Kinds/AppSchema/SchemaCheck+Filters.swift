import Diagnostics
import Resources
import Schemas

extension SchemaCheck {
    /// Conditions that compare what is no column; whatever else may be wrong with them the database
    /// says before they are published.
    func checkFilters(_ findings: inout [Diagnostic]) {
        for filter in table.rules.filters {
            guard case .expression(let sql) = filter.condition else { continue }
            checkFilter(sql, at: "filter", &findings)
        }
        for (name, sql) in table.rules.namedFilters.sorted(by: { $0.key < $1.key }) {
            checkFilter(sql, at: "filters.\(name)", &findings)
            checkReach(of: sql, at: "filters.\(name)", &findings)
        }
    }

    /// A caller chooses the values of a named filter, and could so guess what it compares.
    private func checkReach(of sql: String, at field: String, _ findings: inout [Diagnostic]) {
        let names = schema.tables.flatMap { [$0.name] + $0.columns.map(\.name) }
        let reach = QueryReach(
            "SELECT 1 FROM {\(table.name)} WHERE \(sql)", app.database.engine, signIn: app.auth,
            own: names)
        for complaint in reach.complaints {
            report(&findings, field, complaint.summary, why: complaint.why, fix: complaint.fix)
        }
    }

    private func checkFilter(_ sql: String, at field: String, _ findings: inout [Diagnostic]) {
        guard let name = table.unknownColumn(in: sql, app.database.engine) else { return }
        let renamed = table.columns.first { $0.renamedFrom?.lowercased() == name.lowercased() }
        report(
            &findings, field, "`\(table.name)` has no column `\(name)`", code: .referenceUnknown,
            why: renamed.map { "`\($0.name)` has `renamedFrom: \(name)`" },
            fix: renamed.map { "write `\($0.name)` here too" }
                ?? Suggestion.sentence(for: name, among: table.columns.map(\.name)))
    }
}
