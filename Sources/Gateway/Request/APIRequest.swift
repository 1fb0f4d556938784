import HTTPTypes
import NIOHTTP1
import Schemas

/// A request to an app, taken apart.
///
/// A class for the same reason as `ServedTable`.
final class APIRequest: Sendable {
    private let incoming: IncomingRequest
    let app: ServedApp
    let body: [UInt8]
    private let place: RequestPath
    let caller: Caller
    /// When the app began with it, by `Clock.ticks`.
    let start: Int

    init(
        _ incoming: IncomingRequest, to app: ServedApp, body: [UInt8], path: RequestPath,
        caller: Caller, start: Int
    ) {
        self.incoming = incoming
        self.app = app
        self.body = body
        place = path
        self.caller = caller
        self.start = start
    }

    var method: HTTPMethod { incoming.method }
    var headers: HTTPHeaders { incoming.headers }
    /// Where it comes from, for limits.
    var address: String { incoming.address }
    /// The path below the app's base, in its decoded parts.
    var path: [String] { place.parts }
    /// The same parts as they were asked for.
    var rawPath: [Substring] { place.rawParts }
    /// The path as it was asked for, for links.
    var target: Substring { place.whole }

    /// The URL's query as it stands.
    var queryText: Substring { incoming.target.query }

    /// Scheme, host and port, as whoever asks has them.
    func origin(usually host: String?) -> String { incoming.origin(usually: host) }

    /// The parameters of the URL.
    func query() throws(APIError) -> QueryString { try QueryString(queryText) }

    /// The body as JSON.
    ///
    /// - Throws: 415 for another type of content or one that is packed, 400 for text that is no
    ///   JSON.
    func json() throws(APIError) -> JSONValue {
        let encodings = (headers[.contentEncoding] ?? "").split { ", ".contains($0) }
        guard encodings.allSatisfy({ $0.lowercased() == "identity" }) else {
            throw APIError(
                415, "unsupported_encoding", "send the body as it is, without `Content-Encoding`")
        }
        let type = headers[.contentType] ?? ""
        let name = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard name == "application/json" || name.hasSuffix("+json") else {
            throw APIError(
                415, "unsupported_media_type", "send JSON, as `Content-Type: application/json`")
        }
        do throws(JSONParser.Problem) {
            return try JSONParser.parse(body)
        } catch {
            throw .bad(
                "invalid_json",
                "the body is not valid JSON: \(error.message), at byte \(error.offset)")
        }
    }

    /// What `Prefer` asks for.
    ///
    /// Source: RFC 7240.
    var preferences: Preferences { Preferences(headers[HTTPField.Name.prefer.rawName]) }
}

/// What a caller would like, where it matters.
struct Preferences: Sendable, Equatable {
    var isMinimal = false
    /// Nil: a row that is there already is a conflict.
    var mergesConflicts: Bool?
    var isDryRun = false

    init(_ headers: [String]) {
        for part in headers.flatMap({ $0.split(separator: ",") }) {
            switch part.filter({ $0 != " " }) {
            case "return=minimal": isMinimal = true
            case "resolution=merge", "resolution=merge-duplicates": mergesConflicts = true
            case "resolution=ignore", "resolution=ignore-duplicates": mergesConflicts = false
            case "tx=rollback": isDryRun = true
            default: break
            }
        }
    }

    /// The preferences that were honoured.
    var applied: String? {
        var words: [String] = []
        if isMinimal { words.append("return=minimal") }
        if let mergesConflicts {
            words.append(mergesConflicts ? "resolution=merge" : "resolution=ignore")
        }
        if isDryRun { words.append("tx=rollback") }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}
