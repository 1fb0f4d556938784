import Schemas

/// JSON Schema of a column's values.
struct ValueSchema {
    /// Where the value stands.
    enum Use {
        /// In an answer.
        case output
        /// In a body that is sent.
        case input
        /// In a path or a query.
        case text
        /// A query's own parameter, whose type bounds it.
        case parameter
    }

    let column: Column
    let use: Use

    private var type: ColumnType { column.type }
    /// Primary keys are never null, whatever the column says.
    private var isNullable: Bool {
        use != .text && use != .parameter && !column.isRequired && !column.isPrimary
    }

    /// Writes the schema's members into an object.
    func write(to json: inout JSONWriter) {
        switch type.base {
        case .json:
            return json.member("description", "Any JSON value.")
        case .int: writeInteger(to: &json)
        case .float:
            writeType("number", to: &json)
            json.member("format", "double")
        case .bool: writeType("boolean", to: &json)
        case .enumeration:
            writeType("string", to: &json)
            json.array("enum") { list in
                for value in type.values ?? [] { list.value(value) }
                if isNullable { list.raw("null") }
            }
        case .decimal where use == .input: writeDecimal(to: &json)
        default: writeText(to: &json)
        }
    }

    /// A text, so that no digit is lost; a number is taken too.
    private func writeDecimal(to json: inout JSONWriter) {
        json.array("type", ["string", "number"] + (isNullable ? ["null"] : []))
        json.member("pattern", "^\(decimal)$")
        guard let precision = type.precision else { return }
        let scale = type.scale ?? 0
        let zeros = String(repeating: "0", count: max(0, scale - 1))
        json.raw("multipleOf", scale == 0 ? "1" : "0.\(zeros)1")
        let whole = String(repeating: "9", count: precision - scale)
        let fraction = String(repeating: "9", count: scale)
        let most = (whole.isEmpty ? "0" : whole) + (scale == 0 ? "" : "." + fraction)
        json.raw("minimum", "-" + most)
        json.raw("maximum", most)
    }

    private func writeType(_ name: String, to json: inout JSONWriter) {
        if isNullable {
            json.array("type", [name, "null"])
        } else {
            json.member("type", name)
        }
    }

    private func writeInteger(to json: inout JSONWriter) {
        writeType("integer", to: &json)
        json.member("format", "int64")
        let bounds = use == .input ? CheckBounds(column) : CheckBounds()
        json.member("minimum", bounds.minimum)
        json.member("maximum", bounds.maximum)
    }

    private func writeText(to json: inout JSONWriter) {
        writeType("string", to: &json)
        switch type.base {
        case .date: json.member("format", "date")
        case .datetime: json.member("format", "date-time")
        case .uuid: json.member("format", "uuid")
        case .blob: json.member("contentEncoding", "base64")
        case .string where use != .text:
            if let maximum = type.maximum { json.member("maxLength", maximum) }
        default: break
        }
        if let pattern { json.member("pattern", "^\(pattern)$") }
    }

    /// Without its `^` and `$`; nil for anything.
    var pattern: String? {
        switch type.base {
        case .int: "-?(0|[1-9][0-9]{0,17})"
        case .float: #"-?[0-9]{1,15}(\.[0-9]{1,15})?"#
        case .bool: "(true|false)"
        case .enumeration: RegularExpression.anyOf(type.values ?? [])
        case .date: day
        case .datetime: datetime
        case .decimal: decimal
        case .uuid: use == .output ? Self.uuid("[0-9a-f]") : Self.uuid("[0-9a-fA-F]")
        case .blob: Self.base64
        case .string, .text: use == .output ? nil : Self.text
        case .json: nil
        }
    }

    /// A day that there is; what was in the database before may be none.
    private var day: String {
        guard use != .output else { return "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" }
        let year = "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
        let fourths = "(0[48]|[2468][048]|[13579][26])"
        let long = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
        let short = "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
        let february = "02-(0[1-9]|1[0-9]|2[0-8])"
        return "(\(year)-(\(long)|\(short)|\(february))"
            + "|([0-9]{2}\(fourths)|\(fourths)00)-02-29)"
    }

    private var datetime: String {
        let time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
        return use == .output
            ? day + "T" + time + #"\.[0-9]{3}Z"#
            : day + "T" + time + #"(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"#
    }

    /// An answer has exactly as many digits as the scale says, a request at most.
    private var decimal: String {
        guard let precision = type.precision else { return #"-?[0-9]{1,40}(\.[0-9]{1,40})?"# }
        let scale = type.scale ?? 0
        let whole = precision - scale
        let front = whole < 1 ? "0" : whole == 1 ? "[0-9]" : "(0|[1-9][0-9]{0,\(whole - 1)})"
        guard scale > 0 else { return "-?" + front }
        return use == .output
            ? "-?\(front)\\.[0-9]{\(scale)}" : "-?\(front)(\\.[0-9]{1,\(scale)})?"
    }

    private static func uuid(_ digit: String) -> String {
        "\(digit){8}-\(digit){4}-\(digit){4}-\(digit){4}-\(digit){12}"
    }

    /// No database keeps the character zero in a text.
    static let text = #"[^\u0000]*"#

    private static let base64 =
        "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?"
}

/// Pieces of regular expressions, in what ECMA-262 and Python both read.
enum RegularExpression {
    static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            if #".*+?^${}()|[]\/-"#.contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }

    /// `(a|b)`.
    static func anyOf(_ texts: [String]) -> String {
        "(\(texts.map(escape).joined(separator: "|")))"
    }

    /// One or more, commas between.
    static func list(of item: String) -> String {
        "\(item)(,\(item))*"
    }
}
