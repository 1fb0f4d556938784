import Foundation

/// Requests in a golden file, and what came back as text.
///
/// A line is `METHOD target body`, its headers indented below it; `as 1 admin` says who asks from
/// there on; `EACH target key` walks a list by its cursors; `{etag}`, `{cursor}` and `{id}` stand
/// for what the last answer had.
struct Script {
    private let client: (_ subject: Int?, _ role: String?) throws -> Client
    private var current: Client
    private var variables: [String: String] = [:]
    private var output = ""

    /// The tables and the requests of a file.
    static func parts(of text: String) -> (tables: String, requests: String) {
        let parts = text.components(separatedBy: "\n====\n")
        return (parts[0], parts.count > 1 ? parts[1] : "")
    }

    init(client: @escaping (Int?, String?) throws -> Client) throws {
        self.client = client
        current = try client(nil, nil)
    }

    /// What the requests came to.
    mutating func run(_ text: String) throws -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var index = 0
        while index < lines.count {
            let line = lines[index]
            index += 1
            var headers: [String] = []
            while index < lines.count, lines[index].hasPrefix("  ") {
                headers.append(replaced(lines[index].trimmingCharacters(in: .whitespaces)))
                index += 1
            }
            try run(line: line, headers)
        }
        return output
    }

    private mutating func run(line: String, _ headers: [String]) throws {
        guard !line.isEmpty else { return }
        if line.hasPrefix("#") {
            output += "\n\(line)\n"
            return
        }
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        if words[0] == "as" {
            current = try client(Int(words[1]), words.count > 2 ? words[2] : nil)
            output += "as \(words.dropFirst().joined(separator: " "))\n"
            return
        }
        output += "> \(line)\n"
        if words[0] == "EACH" {
            output += try walk(words[1], by: words.count > 2 ? words[2] : "id") + "\n"
            return
        }
        let body = words.count > 2 ? replaced(words[2]) : nil
        let answer = try current.ask(words[0], replaced(words[1]), body, headers)
        for header in headers { output += "    \(header)\n" }
        output += Self.text(answer)
        remember(answer)
    }

    private func replaced(_ text: String) -> String {
        variables.reduce(text) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
    }

    private mutating func remember(_ answer: Answer) {
        if let etag = answer["ETag"] { variables["etag"] = etag }
        if let cursor = answer.meta["next_cursor"] as? String { variables["cursor"] = cursor }
        if let id = answer.data["id"] { variables["id"] = "\(id)" }
    }

    // MARK: - Lists

    /// The keys of a list page by page, and whether they are those of the list in one piece.
    private func walk(_ target: String, by key: String) throws -> String {
        var pages: [[String]] = []
        var cursor: String?
        repeat {
            let part = cursor.map { "&cursor=" + $0 } ?? ""
            let answer = try current.ask("GET", target + part)
            guard answer.status == 200 else { return Self.text(answer) }
            pages.append(answer.rows.map { "\($0[key] ?? "?")" })
            cursor = answer.meta["next_cursor"] as? String
        } while cursor != nil && pages.count < 100
        let plain = target.replacingOccurrences(
            of: "limit=[0-9]+", with: "limit=1000", options: .regularExpression)
        let whole = try current.ask("GET", plain).rows.map { "\($0[key] ?? "?")" }
        let isSame = whole == pages.flatMap(\.self)
        return pages.map { $0.joined(separator: ",") }.joined(separator: " | ")
            + (isSame ? "" : "\n!!! in one piece: " + whole.joined(separator: ","))
    }

    // MARK: - Answers

    private static let shown = [
        "ETag", "Location", "Link", "Allow", "Preference-Applied", "Retry-After",
        "WWW-Authenticate", "Content-Type",
    ]

    /// An answer without what is different every time.
    static func text(_ answer: Answer) -> String {
        var body = answer.body
        for (pattern, text) in [
            ("\"trace_id\":\"[^\"]*\"", "\"trace_id\":\"…\""),
            ("\"next_cursor\":\"[^\"]*\"", "\"next_cursor\":\"…\""),
            ("_at\":\"[^\"]*\"", "_at\":\"…\""),
        ] {
            body = body.replacingOccurrences(of: pattern, with: text, options: .regularExpression)
        }
        var line = "\(answer.status)"
        for name in shown {
            guard var value = answer[name], value != "application/json" else { continue }
            // A version of what holds a time is another one each time.
            if name == "ETag", body.contains("_at\":\"…") { value = "…" }
            if name == "Link" {
                value = value.replacingOccurrences(
                    of: "cursor=[^>&]*", with: "cursor=…", options: .regularExpression)
            }
            line += " \(name): \(value)"
        }
        return body.isEmpty ? "\(line)\n" : "\(line)\n\(body)\n"
    }
}
