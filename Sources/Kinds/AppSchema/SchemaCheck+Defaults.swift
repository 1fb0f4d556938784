import Diagnostics
import Schemas

extension SchemaCheck {
    /// A default that no row could hold, or that each engine would take for something else.
    func checkDefault(of column: Column, _ findings: inout [Diagnostic]) {
        guard case .literal(let text) = column.defaultValue,
            let expected = column.type.expectation(ofDefault: text, on: app.database.engine)
        else { return }
        report(
            &findings, "fields.\(column.name).default",
            "the default of a \(column.type) must be \(expected), is `\(text)`",
            fix: "change it, or leave it out; `defaultSQL` takes an expression")
    }
}
