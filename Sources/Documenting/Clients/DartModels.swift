package import Schemas

/// An app's rows as classes of Dart, in one file that imports nothing.
package enum DartModels {
    /// The source, the same for the same release.
    package static func source(of release: Release) -> String {
        let app = ServedApp(release, role: nil, reserved: DartWords.types)
        var types = Identifiers(reserved: DartWords.types)
        for table in app.tables { types.keep(table.typeName) }
        var lines = [
            "// Rows of the API of \(comment(app.app.name)), made by `stead client --lang dart`.",
            "// Do not edit: make it anew when the schema changes.", "",
            "// ignore_for_file: constant_identifier_names, unused_element",
        ]
        for table in app.tables { lines += DartTable(app, table, naming: &types).lines }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Text that can stand in a line's comment.
    static func comment(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    /// A text in single quotes.
    static func literal(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'", "\\", "$": result += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }
}

/// Names that mean something in Dart.
enum DartWords {
    /// Source: dart.dev/language/keywords.
    static let reserved: Set<String> = [
        "abstract", "as", "assert", "async", "await", "base", "break", "case", "catch", "class",
        "const", "continue", "covariant", "default", "deferred", "do", "dynamic", "else", "enum",
        "export", "extends", "extension", "external", "factory", "false", "final", "finally", "for",
        "get", "hide", "if", "implements", "import", "in", "interface", "is", "late", "library",
        "mixin", "new", "null", "of", "on", "operator", "part", "required", "rethrow", "return",
        "sealed", "set", "show", "static", "super", "switch", "sync", "this", "throw", "true",
        "try", "type", "typedef", "var", "void", "when", "while", "with", "yield", "Function",
    ]

    /// What every object, every enum and every model has, and the types that fields are of: a
    /// field called `int` would hide the type.
    static let members: Set<String> = reserved.union([
        "hashCode", "runtimeType", "toString", "noSuchMethod", "fromJson", "toJson", "toWriteJson",
        "json", "values", "value", "index", "name", "int", "double", "bool", "num", "entry",
    ])

    static let fields: Set<String> = members.subtracting(["values", "value", "index", "name"])

    static let types: Set<String> = reserved.union([
        "Object", "String", "List", "Map", "Set", "Iterable", "DateTime", "Duration", "Enum",
        "Error", "Exception", "Future", "Stream", "Type", "Uri", "Null", "Never", "Record",
        "StateError", "ArgumentError", "FormatException", "Symbol", "RegExp", "BigInt", "Pattern",
    ])
}
