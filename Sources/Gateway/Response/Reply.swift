import HTTPTypes

/// What a request is answered with.
struct Reply: Sendable {
    var status: Int
    var headers: [(HTTPField.Name, String)] = []
    var contentType = "application/json"
    var body: ArraySlice<UInt8>
    /// The digest of what is sent, for `ETag`; nil where it has none.
    var version: UInt64?
    /// What the request is called.
    var trace: String?
    /// What the log says besides.
    var detail: String?
    /// Who asked, for the log; nil for those who have not signed in.
    var subject: String?
    /// What the app took for it, and how long it took in all.
    var nanoseconds = (app: 0, total: 0)

    init(
        _ status: Int, body: ArraySlice<UInt8> = [], contentType: String = "application/json"
    ) {
        self.status = status
        self.body = body
        self.contentType = contentType
    }

    /// The data of a success that has none.
    static let null = Array("null".utf8)[...]

    /// `{"success":true,"data":…,"meta":…}`.
    ///
    /// - Parameters:
    ///   - data: JSON.
    ///   - meta: the members of `meta`, without braces.
    ///   - status: what kind of success.
    /// - Returns: the whole answer.
    static func success(
        _ data: ArraySlice<UInt8>, meta: ArraySlice<UInt8> = [], status: Int = 200
    ) -> Reply {
        var text = WireText(capacity: data.count + meta.count + 48)
        text.beginSuccess()
        text.raw(data)
        text.endSuccess(meta: meta)
        return Reply(status, body: text.bytes)
    }

    /// Gives it its version; it is a 304 where the caller has that already.
    mutating func set(version: UInt64, for request: APIRequest) {
        self.version = version
        if let known = request.headers[.ifNoneMatch], ETag.matches(known, version) {
            status = 304
            body = []
        }
    }

    /// `{"success":false,"code":…}`.
    static func failure(_ error: APIError, trace: String) -> Reply {
        var text = WireText()
        text.raw("{\"success\":false,\"code\":")
        text.string(error.code)
        text.name("message")
        text.string(error.message)
        text.name("trace_id")
        text.string(trace)
        text.raw(",\"errors\":[")
        for problem in error.problems {
            text.comma()
            text.raw("{\"field\":")
            text.string(problem.field)
            text.name("code")
            text.string(problem.code)
            text.name("message")
            text.string(problem.message)
            text.raw("}")
        }
        text.raw("]}")
        var reply = Reply(error.status, body: text.bytes)
        reply.detail = error.detail
        if let seconds = error.retryAfterSeconds {
            reply.headers.append((.retryAfter, String(seconds)))
        }
        if error.status == 405 {
            // What may be read may be asked for without its body.
            let allowed = error.allowed.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
            reply.headers.append((.allow, allowed.joined(separator: ", ")))
        }
        if error.status == 401 {
            let reason = error.code == "unauthenticated" ? "" : " error=\"invalid_token\""
            reply.headers.append((.wwwAuthenticate, "Bearer\(reason)"))
        }
        return reply
    }
}

extension WireText {
    /// What stands before the data of a success.
    mutating func beginSuccess() {
        raw("{\"success\":true,\"data\":")
    }

    /// What stands behind it.
    ///
    /// - Parameter meta: the members of `meta`, without braces.
    mutating func endSuccess(meta: ArraySlice<UInt8> = []) {
        raw(",\"meta\":{")
        raw(meta)
        raw("}}")
    }
}
