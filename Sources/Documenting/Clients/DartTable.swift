import Schemas

/// The class of one table, and the enums of its columns.
struct DartTable {
    private struct Member {
        /// In JSON.
        var key: String
        var name: String
        var type: String
        var isNullable: Bool
        var column: Column?
        var documentation: String?

        var isField: Bool { column != nil }
        var declared: String { type == "Object" || isNullable ? "\(type)?" : type }
    }

    private let app: ServedApp
    private let table: ServedTable
    private var members: [Member] = []
    private var enums: [String] = []

    init(_ app: ServedApp, _ table: ServedTable, naming types: inout Identifiers) {
        self.app = app
        self.table = table
        var names = Identifiers(reserved: DartWords.fields)
        for column in table.readable {
            var type = Self.type(of: column.type)
            if column.type.base == .enumeration, let values = column.type.values, !values.isEmpty {
                type = types.typeName("\(table.typeName)_\(column.name)")
                enums += Self.enumeration(type, column.name, values)
            }
            members.append(
                Member(
                    key: column.name, name: names.fieldName(column.name), type: type,
                    isNullable: !column.isRequired && !column.isPrimary, column: column,
                    documentation: Self.documentation(of: column)))
        }
        for relation in table.relations {
            guard let far = app.table(relation.table) else { continue }
            members.append(
                Member(
                    key: relation.name, name: names.fieldName(relation.name),
                    type: relation.isList ? "List<\(far.typeName)>" : far.typeName,
                    isNullable: true, column: nil,
                    documentation: "With `include=\(DartModels.comment(relation.name))` only."))
        }
    }

    private static func type(of type: ColumnType) -> String {
        switch type.base {
        case .int: "int"
        case .float: "double"
        case .bool: "bool"
        case .date, .datetime: "DateTime"
        case .json: "Object"
        default: "String"
        }
    }

    private static func documentation(of column: Column) -> String? {
        switch column.type.base {
        case .date: "A day; its time means nothing."
        case .decimal: "A decimal number, as text so that no digit is lost."
        case .blob: "Base64."
        default: nil
        }
    }

    private static func enumeration(_ type: String, _ column: String, _ values: [String])
        -> [String]
    {
        var names = Identifiers(reserved: DartWords.members)
        let cases = values.map { "  \(names.fieldName($0))(\(DartModels.literal($0)))" }
        return [
            "", "/// What `\(DartModels.comment(column))` may be.", "enum \(type) {",
            cases.joined(separator: ",\n") + ";", "",
            "  const \(type)(this.value);", "",
            "  /// Throws a `StateError` for a value that was not known when this was made.",
            "  factory \(type).fromJson(String json) =>",
            "      values.firstWhere((entry) => entry.value == json);", "",
            "  /// As the API writes it.", "  final String value;", "",
            "  String toJson() => value;", "}",
        ]
    }

    // MARK: - The class

    var lines: [String] {
        let name = table.typeName
        var lines =
            enums + [
                "", "/// A row of `\(DartModels.comment(table.table.name))`.", "class \(name) {",
            ]
        if members.isEmpty {
            lines.append("  const \(name)();")
        } else {
            lines.append("  const \(name)({")
            lines += members.map { member in
                let isRequired = member.declared.last != "?"
                return "    \(isRequired ? "required " : "")this.\(member.name),"
            }
            lines.append("  });")
        }
        lines += ["", "  factory \(name).fromJson(Map<String, dynamic> json) => \(name)("]
        lines += members.map { "    \($0.name): \(Self.reading($0))," }
        lines += ["  );", ""]
        for member in members {
            if let documentation = member.documentation { lines.append("  /// \(documentation)") }
            lines.append("  final \(member.declared) \(member.name);")
        }
        let writable = Set((table.creatable + table.updatable).map(\.name))
        lines += method(
            "toJson", "Every field, without what `include` added.", members.filter(\.isField))
        lines += method(
            "toWriteJson", "The fields that a request may carry.",
            members.filter { $0.isField && writable.contains($0.key) })
        return lines + ["}"]
    }

    private func method(_ name: String, _ documentation: String, _ members: [Member]) -> [String] {
        let head = ["", "  /// \(documentation)"]
        guard !members.isEmpty else {
            return head + ["  Map<String, dynamic> \(name)() => <String, dynamic>{};"]
        }
        return head + ["  Map<String, dynamic> \(name)() => <String, dynamic>{"]
            + members.map { "    \(DartModels.literal($0.key)): \(Self.writing($0))," } + ["  };"]
    }

    private static func reading(_ member: Member) -> String {
        let value = "json[\(DartModels.literal(member.key))]"
        func unlessNull(_ text: String) -> String {
            member.isNullable ? "\(value) == null ? null : \(text)" : text
        }
        guard let column = member.column else {
            if member.type.hasPrefix("List<") {
                let type = member.type.dropFirst(5).dropLast()
                return "(\(value) as List<dynamic>?)"
                    + "?.map((dynamic row) => \(type).fromJson(row as Map<String, dynamic>))"
                    + ".toList()"
            }
            return unlessNull("\(member.type).fromJson(\(value) as Map<String, dynamic>)")
        }
        let mark = member.isNullable ? "?" : ""
        switch column.type.base {
        case .json: return value
        case .float: return "(\(value) as num\(mark))\(mark).toDouble()"
        case .datetime: return unlessNull("DateTime.parse(\(value) as String)")
        case .date: return unlessNull("DateTime.parse('${\(value)}T00:00:00Z')")
        case .enumeration where member.type != "String":
            return unlessNull("\(member.type).fromJson(\(value) as String)")
        default: return "\(value) as \(member.declared)"
        }
    }

    private static func writing(_ member: Member) -> String {
        let mark = member.isNullable ? "?" : ""
        guard let column = member.column else { return member.name }
        switch column.type.base {
        case .datetime: return "\(member.name)\(mark).toUtc().toIso8601String()"
        case .date: return "\(member.name)\(mark).toIso8601String().substring(0, 10)"
        case .enumeration where member.type != "String": return "\(member.name)\(mark).value"
        default: return member.name
        }
    }
}
