/// The operators of filters, by the names that requests call them.
enum Comparison: String, Sendable, CaseIterable {
    case eq, ne, lt, lte, gt, gte, `in`, nin, like, ilike, null, between, contains

    /// The SQL of those that compare with one value; nil for the others.
    var sql: String? {
        switch self {
        case .eq: "="
        case .ne: "<>"
        case .lt: "<"
        case .lte: "<="
        case .gt: ">"
        case .gte: ">="
        default: nil
        }
    }
}
