/// Reads the types that databases report as those of a schema.
enum TypeReading {
    /// The type, and the engine's own name where the API can only treat it as text.
    struct Reading {
        var type: ColumnType
        var unusual: String?
    }

    /// A type's name as any of the engines writes it: `varchar(120)`, `DECIMAL(10, 2)`,
    /// `timestamp with time zone`.
    static func read(_ name: String, engine: DatabaseEngine) -> Reading {
        let words = SQLWords(name, engine)
        let base = words.words.prefix { $0.sort == .name }.map { $0.text.lowercased() }
        let numbers = words.words.filter { $0.sort == .number }.compactMap { Int($0.text) }
        let first = base.first ?? ""
        if first == "enum", engine == .mariadb {
            let values = words.words.filter { $0.sort == .text }.map(\.text)
            return Reading(type: ColumnType(.enumeration, values: values))
        }
        // PostgreSQL's `numeric(3,-2)` rounds to hundreds.
        if let type = common(first, base, words.isMark(4, "-") ? [] : numbers, engine) {
            return expressible(type, engine).map { Reading(type: $0, unusual: name) }
                ?? Reading(type: type)
        }
        guard engine == .sqlite else { return Reading(type: .text, unusual: name) }
        return sqlite(name, numbers)
    }

    /// What stands for a type of more digits or characters than a schema may name; nil for others.
    private static func expressible(_ type: ColumnType, _ engine: DatabaseEngine) -> ColumnType? {
        switch type.base {
        case .string:
            let most = engine == .mariadb ? 16_383 : 1_000_000
            return (1...most).contains(type.maximum ?? 255) ? nil : .text
        case .decimal where engine == .sqlite:
            return type.precision.map { $0 <= 15 } ?? false ? nil : ColumnType(.float)
        case .decimal:
            let (precision, scale) = (type.precision ?? 38, type.scale ?? 0)
            let isUsual = precision <= 65 && (0...min(38, precision)).contains(scale)
            return isUsual ? nil : ColumnType(engine == .postgres ? .decimal : .float)
        default: return nil
        }
    }

    private static func common(
        _ first: String, _ all: [String], _ numbers: [Int], _ engine: DatabaseEngine
    ) -> ColumnType? {
        switch first {
        case "tinyint" where engine == .mariadb && numbers.first == 1: return ColumnType(.bool)
        case "int", "integer", "bigint", "smallint", "tinyint", "mediumint", "int2", "int4", "int8",
            "serial", "bigserial":
            return .int
        case "bool", "boolean": return ColumnType(.bool)
        case "varchar", "character", "char", "nvarchar", "nchar", "bpchar":
            // PostgreSQL's varchar without a length has no limit.
            guard let most = numbers.first else {
                return first == "char" || first == "bpchar"
                    ? ColumnType(.string, maximum: 1) : .text
            }
            return ColumnType(.string, maximum: most)
        case "text", "longtext", "mediumtext", "tinytext", "clob", "citext": return .text
        case "real", "double", "float", "float4", "float8": return ColumnType(.float)
        case "decimal", "numeric": return decimal(numbers)
        case "date": return ColumnType(.date)
        case "datetime", "timestamp", "timestamptz": return ColumnType(.datetime)
        case "json", "jsonb": return ColumnType(.json)
        case "uuid": return ColumnType(.uuid)
        case "blob", "longblob", "mediumblob", "tinyblob", "bytea", "binary", "varbinary":
            return ColumnType(.blob)
        default: return nil
        }
    }

    private static func decimal(_ numbers: [Int]) -> ColumnType {
        guard let precision = numbers.first else { return ColumnType(.decimal) }
        let scale = numbers.count > 1 ? numbers[1] : 0
        return ColumnType(.decimal, precision: precision, scale: scale)
    }

    /// By affinity, as SQLite does with names it doesn't know.
    ///
    /// Source: sqlite.org/datatype3.html, section 3.1.
    private static func sqlite(_ name: String, _ numbers: [Int]) -> Reading {
        let upper = name.uppercased()
        if upper.contains("INT") { return Reading(type: .int) }
        if upper.contains("CHAR") || upper.contains("CLOB") || upper.contains("TEXT") {
            return Reading(
                type: numbers.first.map { ColumnType(.string, maximum: $0) } ?? .text)
        }
        if upper.isEmpty || upper.contains("BLOB") {
            return Reading(
                type: upper.isEmpty ? .text : ColumnType(.blob),
                unusual: upper.isEmpty ? "a column without a type" : nil)
        }
        if upper.contains("REAL") || upper.contains("FLOA") || upper.contains("DOUB") {
            return Reading(type: ColumnType(.float))
        }
        return Reading(type: .text, unusual: name)
    }
}
