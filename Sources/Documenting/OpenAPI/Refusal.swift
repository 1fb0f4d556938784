/// An answer that refuses, by its status.
enum Refusal: Int, CaseIterable {
    case badRequest = 400
    case unauthenticated = 401
    case forbidden = 403
    case notFound = 404
    case notAllowed = 405
    case conflict = 409
    case mismatch = 412
    case tooLarge = 413
    case tooLong = 414
    case wrongType = 415
    case invalid = 422
    case matchRequired = 428
    case tooMany = 429
    case unavailable = 503

    /// What every request may be answered.
    static let always: [Refusal] = [
        .badRequest, .unauthenticated, .forbidden, .notFound, .notAllowed, .tooLong, .tooMany,
        .unavailable,
    ]
    /// What a body may be answered besides.
    static let body: [Refusal] = [.conflict, .tooLarge, .wrongType, .invalid]

    var name: String { "\(self)".prefix(1).uppercased() + "\(self)".dropFirst() }

    var meaning: String {
        switch self {
        case .badRequest: "The request makes no sense."
        case .unauthenticated: "No token, or one that is not valid."
        case .forbidden: "Not for this role."
        case .notFound: "No such row, or not one of the caller's; no such page of a list."
        case .notAllowed: "The table does not offer this; Allow says what it does."
        case .conflict:
            "Another row stands against it, one that it refers to is not there, or too many rows "
                + "are concerned."
        case .mismatch: "The row has changed since it was read."
        case .tooLarge: "The body is too large, or holds too many rows."
        case .tooLong: "The URL is too long."
        case .wrongType: "The body is not application/json."
        case .invalid: "Values that the table can't hold, all of them in `errors`."
        case .matchRequired: "Changes of this table need If-Match."
        case .tooMany: "Too many requests; Retry-After says when to come back."
        case .unavailable: "The database is busy or away; Retry-After says when to come back."
        }
    }

    static func writeAll(to json: inout JSONWriter) {
        for refusal in allCases {
            json.object(refusal.name) { response in
                response.member("description", refusal.meaning)
                response.object("headers") { refusal.writeHeaders(to: &$0) }
                response.raw(
                    "content",
                    ##"{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}}}"##)
            }
        }
    }

    private func writeHeaders(to json: inout JSONWriter) {
        switch self {
        case .unauthenticated:
            Self.write(
                "WWW-Authenticate", "How to sign in.", #"{"type":"string","pattern":"^Bearer"}"#,
                to: &json)
        case .notAllowed:
            let methods = "(GET|POST|PUT|PATCH|DELETE)"
            Self.write(
                "Allow", "The methods that are answered here.",
                #"{"type":"string","pattern":"^(\#(methods)(, \#(methods))*)?$"}"#, to: &json)
        case .tooMany, .unavailable:
            Self.write("Retry-After", "Seconds.", #"{"type":"integer","minimum":0}"#, to: &json)
        default: break
        }
        Self.write(
            "X-Trace-Id", "Names the request in the log.", #"{"type":"string"}"#, to: &json)
    }

    private static func write(
        _ name: String, _ description: String, _ schema: String, to json: inout JSONWriter
    ) {
        json.object(name) { header in
            header.member("description", description)
            header.member("required", true)
            header.raw("schema", schema)
        }
    }

    static func write(_ refusals: [Refusal], to json: inout JSONWriter) {
        for refusal in refusals.sorted(by: { $0.rawValue < $1.rawValue }) {
            json.raw(
                String(refusal.rawValue),
                ##"{"$ref":"#/components/responses/\##(refusal.name)"}"##)
        }
    }
}
