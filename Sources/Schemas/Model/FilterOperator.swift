/// How a list compares a field with a value: `?field[gte]=…`.
package enum FilterOperator: String, Sendable, CaseIterable {
    case eq, ne, lt, lte, gt, gte
    /// One of a list, commas between.
    case `in`
    /// None of a list.
    case nin
    /// `%` for any run of characters, `_` for one.
    case like
    /// The same in either case.
    case ilike
    /// `true`: holds nothing; `false`: holds something.
    case null
    /// From the first of two values to the second, both included.
    case between
    /// A part of the text, in either case.
    case contains

    /// Whether fields of a type can be compared so.
    package func applies(to type: ColumnType) -> Bool {
        switch self {
        case .null: true
        case .eq, .ne, .in, .nin: type.base != .json && type.base != .blob
        case .lt, .lte, .gt, .gte, .between:
            ![.json, .blob, .bool, .uuid].contains(type.base)
        case .like, .ilike, .contains: type.isTextual
        }
    }

    /// In words, as documentation says it.
    package var summary: String {
        switch self {
        case .eq: "equals"
        case .ne: "differs from"
        case .lt: "is less than"
        case .lte: "is at most"
        case .gt: "is more than"
        case .gte: "is at least"
        case .in: "is one of"
        case .nin: "is none of"
        case .like: "matches, % for any run of characters and _ for one"
        case .ilike: "matches in either case, % for any run of characters and _ for one"
        case .null: "is null (true) or not (false)"
        case .between: "lies between two values, both included"
        case .contains: "holds this text, in either case"
        }
    }
}
