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
        // Which of the values it was is told beside the message: … parameter $3.
        let mark = field("W").flatMap { $0.split(separator: "$").dropFirst().first }
        let number = state?.hasPrefix("22") == true ? mark?.prefix { $0.isNumber } : nil
        let words = [field("M"), field("D"), number.map { "parameter \($0)" }]
            .compactMap(\.self)
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
        case "P0001": .raised
        case "22001", "22003": .tooLong
        case "22P05", "22021": .characters
        // The types of an operator or of an assignment don't fit.
        case "42804", "42846", "42883": .value
        case _ where state.hasPrefix("22"): .value
        case "42703", "42P01": .undefined
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
