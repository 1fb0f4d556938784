import SQL
import Schemas

extension NamedSQL {
    /// The SQL in brackets, with its values.
    ///
    /// - Parameter value: what a name stands for.
    /// - Returns: the fragment.
    /// - Throws: what `value` throws.
    func bound(_ value: (String) throws(APIError) -> SQLValue) throws(APIError) -> SQLFragment {
        var fragment = try unbracketed(value)
        fragment.sql = "(\(fragment.sql))"
        return fragment
    }

    /// The same as it stands, for a part of a statement.
    func unbracketed(_ value: (String) throws(APIError) -> SQLValue) throws(APIError)
        -> SQLFragment
    {
        var values: [SQLValue] = []
        for name in names { values.append(try value(name)) }
        return SQLFragment(sql, values)
    }
}

/// SQL with the values of its marks.
struct SQLFragment: Sendable, Hashable {
    var sql: String
    var values: [SQLValue]

    init(_ sql: String, _ values: [SQLValue] = []) {
        self.sql = sql
        self.values = values
    }

    /// All of them, which must hold together; nil for none.
    static func all(_ fragments: [SQLFragment]) -> SQLFragment? {
        guard let first = fragments.first else { return nil }
        guard fragments.count > 1 else { return first }
        return SQLFragment(
            fragments.map(\.sql).joined(separator: " AND "), fragments.flatMap(\.values))
    }
}
