/// The names that Stead gives to constraints and indexes.
///
/// A check's name ends in a hash of its condition as declared: databases rewrite conditions, so
/// that only the name tells whether it is still the same.
enum ConstraintName {
    static func check(_ table: String, _ column: Column, _ condition: String) -> String {
        bounded("\(table)_\(column.name)_check", hash(condition))
    }

    static func values(_ table: String, _ column: Column) -> String {
        let values = column.type.values ?? []
        return bounded("\(table)_\(column.name)_enum", hash(values.joined(separator: "\u{1F}")))
    }

    static func foreignKey(_ table: String, _ column: String) -> String {
        bounded("\(table)_\(column)_fkey")
    }

    static func index(_ table: String, _ shape: IndexShape) -> String {
        bounded(
            ([table] + shape.columns + [shape.isUnique ? "key" : "idx"]).joined(separator: "_"))
    }

    /// A name for what is put aside at a time.
    static func quarantined(_ name: String, at seconds: Int) -> String {
        bounded("\(SchemaRecord.prefix)\(seconds)_\(name)")
    }

    /// At most 63 bytes, as PostgreSQL's limit is: a longer name is cut, and told apart by a hash.
    private static func bounded(_ name: String, _ suffix: String? = nil) -> String {
        let end = suffix.map { "_" + $0 } ?? ""
        guard name.utf8.count + end.utf8.count > 63 else { return name + end }
        var head = ""
        for character in name {
            guard head.utf8.count + character.utf8.count <= 45 else { break }
            head.append(character)
        }
        return head + "_" + hash(name) + end
    }

    /// FNV-1a, 32 bits, in hexadecimal: to tell texts apart that nobody chose to collide.
    ///
    /// Source: draft-eastlake-fnv.
    private static func hash(_ text: String) -> String {
        var value: UInt32 = 2_166_136_261
        for byte in text.utf8 { value = (value ^ UInt32(byte)) &* 16_777_619 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// Columns that are indexed together.
package struct IndexShape: Sendable, Hashable, Codable {
    package var columns: [String]
    package var isUnique: Bool

    package init(_ columns: [String], isUnique: Bool) {
        self.columns = columns
        self.isUnique = isUnique
    }
}

/// A check that a column should have.
package struct NamedCheck: Sendable, Equatable {
    package var name: String
    /// As declared.
    package var condition: String
}
