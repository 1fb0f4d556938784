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
    case wrongType = 415
    case invalid = 422
    case matchRequired = 428
    case tooMany = 429
    case unavailable = 503

    /// What every request may be answered.
    static let always: [Refusal] = [
        .badRequest, .unauthenticated, .forbidden, .notFound, .notAllowed, .tooMany, .unavailable,
    ]
    /// What a body may be answered besides.
    static let body: [Refusal] = [.conflict, .tooLarge, .wrongType, .invalid]

    var name: String { "\(self)".prefix(1).uppercased() + "\(self)".dropFirst() }

    var meaning: String {
        switch self {
        case .badRequest: "The request makes no sense."
        case .unauthenticated: "No token, or one that is not valid."
        case .forbidden: "Not for this role."
        case .notFound: "No such row, or not one of the caller's."
        case .notAllowed: "The table does not offer this; Allow says what it does."
        case .conflict: "Another row stands against it, or too many rows are concerned."
        case .mismatch: "The row has changed since it was read."
        case .tooLarge: "The body is too large."
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
                if refusal == .tooMany || refusal == .unavailable {
                    response.object("headers") { headers in
                        headers.object("Retry-After") { header in
                            header.member("description", "Seconds.")
                            header.raw("schema", #"{"type":"integer","minimum":0}"#)
                        }
                    }
                }
                response.raw(
                    "content",
                    ##"{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}}}"##)
            }
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
