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
    func orderText(_ order: [OrderTerm]) -> String {
        guard !order.isEmpty else { return "" }
        return " ORDER BY " + order.map(text).joined(separator: ", ")
    }

    private func text(_ term: OrderTerm) -> String {
        let direction = term.isDescending ? " DESC" : ""
        let plain = term.column.quoted + direction
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
            return "\(term.column.quoted) IS NULL\(term.nullsFirst ? " DESC" : ""), \(plain)"
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
