import HTTPTypes
import NIOHTTP1

/// What a write is made to depend on.
///
/// Source: RFC 9110, section 13.1.
struct Preconditions: Sendable {
    /// `If-Match`: `*`, or versions of one row.
    var match: String?
    /// `If-None-Match: *`: there must be no such row.
    var wantsNone = false

    /// - Throws: 400 for what can't be said of such a write.
    init(_ headers: HTTPHeaders, of order: WriteOrder) throws(APIError) {
        if let text = headers[.ifNoneMatch] {
            guard text == "*", order.isOfOneRow else { throw Self.isForReads }
            wantsNone = true
        }
        guard let text = headers[.ifMatch] else { return }
        guard ETag.isList(text) else {
            throw .bad(
                "invalid_header",
                "`If-Match` must be `*`, or versions such as \"88733d16a6067f11\"",
                field: "If-Match")
        }
        guard text == "*" || !order.isOfMany else {
            throw .bad(
                "invalid_header",
                "`If-Match` names the version of one row: for many, say `*`, or none",
                field: "If-Match")
        }
        match = text
    }

    /// - Throws: 400 where a request that only writes has `If-None-Match`.
    static func refuseNoneMatch(_ headers: HTTPHeaders) throws(APIError) {
        if headers[.ifNoneMatch] != nil { throw isForReads }
    }

    private static let isForReads = APIError.bad(
        "invalid_header",
        "`If-None-Match` is for reads; for a write, send the version that you read as `If-Match`",
        field: "If-None-Match")
}

extension WriteOrder {
    /// Whether it is about a row that its key names, as it stands there.
    fileprivate var isOfOneRow: Bool {
        switch self {
        case .update, .delete: true
        case .create, .restore, .purge, .updateAll, .deleteAll: false
        }
    }

    /// Whether one version can't be that of all its rows.
    fileprivate var isOfMany: Bool {
        switch self {
        case .create(_, let isBulk, _): isBulk
        case .updateAll, .deleteAll: true
        case .update, .delete, .restore, .purge: false
        }
    }
}
