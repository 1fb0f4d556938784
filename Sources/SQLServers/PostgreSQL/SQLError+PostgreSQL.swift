internal import CPostgreSQL
internal import SQL

extension SQLError {
    /// What the server refused, or what became of the connection.
    init(_ result: OpaquePointer?, on connection: OpaquePointer) {
        func field(_ code: Character) -> String? {
            let text: UnsafeMutablePointer<CChar>? = PQresultErrorField(
                result, Int32(code.asciiValue ?? 0))
            return text.map { String(cString: $0) }
        }
        let state = field("C")
        let words = [field("M"), field("D")].compactMap(\.self)
        let message =
            words.isEmpty
            ? String(cString: PQerrorMessage(connection)).trimmingLineBreaks
            : words.joined(separator: ": ")
        if PQstatus(connection) != CONNECTION_OK {
            self.init(.connectionLost, message)
        } else if state == "0A000", field("R") == "RevalidateCachedQuery" {
            // The state means "not supported", of whatever; the message is in any language.
            self.init(.outdated, message)
        } else {
            self.init(Self.reason(state ?? ""), message)
        }
    }

    /// The reason behind a SQLSTATE. Source: PostgreSQL's manual, appendix A.
    private static func reason(_ state: String) -> Reason {
        switch state {
        case "23505", "23P01": .unique
        case "23503", "23001": .foreignKey
        case "23502": .notNull
        case "23514": .check
        case "22001", "22003": .tooLong
        case "40P01", "40001": .deadlock
        case "55P03": .busy
        case "57014": .timeout
        case "25006": .readOnly
        case "53100": .full
        case "57P01", "57P02", "57P03": .connectionLost
        case "XX001", "XX002": .corrupt
        case _ where state.hasPrefix("08"): .connectionLost
        default: .other
        }
    }
}

extension String {
    /// Without the line breaks that libpq ends its messages with.
    var trimmingLineBreaks: String {
        var text = self[...]
        while let last = text.last, last.isNewline { text.removeLast() }
        return String(text)
    }
}
