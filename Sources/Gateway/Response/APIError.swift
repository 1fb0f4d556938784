import SQL

/// A request that is refused, as the caller is told.
@dynamicMemberLookup
struct APIError: Error, Sendable, Equatable {
    /// What is wrong with one field.
    struct FieldProblem: Sendable, Equatable {
        var field: String
        var code: String
        var message: String
    }

    /// What it says.
    struct Parts: Sendable, Equatable {
        var status: Int
        /// A stable word, such as `etag_mismatch`.
        var code: String
        var message: String
        var problems: [FieldProblem] = []
        /// Seconds after which it may be tried again.
        var retryAfterSeconds: Int?
        /// The methods that are allowed, for 405.
        var allowed: [String] = []
        /// What the log should say besides; never shown.
        var detail: String?
        /// What the database said, when it was that which refused.
        var cause: SQLError.Reason?
    }

    /// One pointer: frames of functions that may throw have room for what they throw.
    private indirect enum Box: Sendable, Equatable {
        case of(Parts)
    }

    private var box: Box

    /// One of the parts; where nothing says whose, it needs a `self`.
    subscript<Value>(dynamicMember path: WritableKeyPath<Parts, Value>) -> Value {
        get {
            switch box {
            case .of(let parts): parts[keyPath: path]
            }
        }
        set {
            switch box {
            case .of(var parts):
                parts[keyPath: path] = newValue
                box = .of(parts)
            }
        }
    }

    init(
        _ status: Int, _ code: String, _ message: String, _ problems: [FieldProblem] = [],
        retryAfterSeconds: Int? = nil, detail: String? = nil
    ) {
        box = .of(
            Parts(
                status: status, code: code, message: message, problems: problems,
                retryAfterSeconds: retryAfterSeconds, detail: detail))
    }

    static let notFound = APIError(404, "not_found", "there is no such row")
    static let unauthenticated = APIError(401, "unauthenticated", "sign in first")
    static let forbidden = APIError(403, "forbidden", "you may not do this")
    static let etagMismatch = APIError(
        412, "etag_mismatch", "the row has changed since you read it: read it again")
    static let isThere = APIError(
        412, "row_exists", "the row is there, and `If-None-Match: *` wants none")

    /// A request that makes no sense.
    static func bad(_ code: String, _ message: String, field: String? = nil) -> APIError {
        APIError(
            400, code, message,
            field.map { [FieldProblem(field: $0, code: code, message: message)] } ?? [])
    }

    /// Values that the table can't hold.
    static func invalid(_ problems: [FieldProblem]) -> APIError {
        APIError(
            422, "validation_failed",
            problems.count == 1
                ? "\(problems[0].field): \(problems[0].message)"
                : "\(problems.count) fields are not valid", problems)
    }
}
