import SQL
import Schemas

/// Writes the `SELECT` of rows.
struct SelectText {
    let dialect: Dialect
    let table: ServedTable

    /// The order of a list, with the key at its end, so that no two rows are ever equal.
    func complete(_ order: [OrderTerm]) -> [OrderTerm] {
        let named = Set(order.map(\.column.index))
        return order
            + table.key.filter { !named.contains($0.index) }
            .map { OrderTerm(column: $0, isDescending: false) }
    }

    /// `ORDER BY …`, nulls where they are wanted; empty for no terms.
    ///
    /// - Parameters:
    ///   - order: the terms.
    ///   - name: what the table is called in the query; nil where it stands alone.
    /// - Returns: the clause, with a blank before it.
    func orderText(_ order: [OrderTerm], of name: String? = nil) -> String {
        guard !order.isEmpty else { return "" }
        let prefix = name.map { $0 + "." } ?? ""
        let terms = order.map { text($0, prefix + $0.column.quoted) }
        return " ORDER BY " + terms.joined(separator: ", ")
    }

    private func text(_ term: OrderTerm, _ column: String) -> String {
        let direction = term.isDescending ? " DESC" : ""
        let plain = column + direction
        guard !term.column.column.isRequired else { return plain }
        switch dialect.engine {
        case .postgres:
            return plain + (term.nullsFirst ? " NULLS FIRST" : " NULLS LAST")
        case .sqlite:
            // Nulls are SQLite's smallest values.
            if term.nullsFirst != term.isDescending { return plain }
            return plain + (term.nullsFirst ? " NULLS FIRST" : " NULLS LAST")
        case .mariadb:
            if term.nullsFirst != term.isDescending { return plain }
            return "\(column) IS NULL\(term.nullsFirst ? " DESC" : ""), \(plain)"
        }
    }

    /// `SELECT … FROM … WHERE …`.
    func select(_ columns: String? = nil, where condition: SQLFragment?) -> SQLFragment {
        SQLFragment(
            "SELECT \(columns ?? table.selectList) FROM \(table.quoted)"
                + (condition.map { " WHERE " + $0.sql } ?? ""),
            condition?.values ?? [])
    }
}
