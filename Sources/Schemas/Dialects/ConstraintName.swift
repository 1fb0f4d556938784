/// The names that Stead gives to constraints and indexes.
///
/// A check's name ends in a hash of its condition as declared: databases rewrite conditions, so
/// that only the name tells whether it is still the same.
enum ConstraintName {
    static func check(_ table: String, _ column: Column, _ condition: String) -> String {
        bounded("\(table)_\(column.name)", "_check_" + hash(condition))
    }

    static func values(_ table: String, _ column: Column) -> String {
        let values = column.type.values ?? []
        return bounded(
            "\(table)_\(column.name)", "_enum_" + hash(values.joined(separator: "\u{1F}")))
    }

    static func foreignKey(_ table: String, _ column: String) -> String {
        bounded("\(table)_\(column)_fkey")
    }

    /// What the name of a check ends in; nil for one that somebody else gave.
    static func digest(in name: String) -> Substring? {
        for kind in ["_check_", "_enum_"] {
            let end = name.suffix(kind.count + 8)
            let isDigest = end.dropFirst(kind.count).allSatisfy(\.isHexDigit)
            if end.hasPrefix(kind), isDigest { return end }
        }
        return nil
    }

    /// The same for something else, when the name is taken.
    static func other(_ name: String, _ number: Int) -> String {
        bounded(name, "_\(number)")
    }

    static func index(_ table: String, _ shape: IndexShape) -> String {
        let end = shape.isLive ? "live" : shape.isUnique ? "key" : "idx"
        return bounded(([table] + shape.columns + [end]).joined(separator: "_"))
    }

    /// A name for what is put aside at a time.
    static func quarantined(_ name: String, at seconds: Int) -> String {
        bounded("\(SchemaRecord.prefix)\(seconds)_\(name)")
    }

    /// At most 63 bytes, as PostgreSQL's limit is: a longer name is cut, and told apart by a hash.
    private static func bounded(_ name: String, _ end: String = "") -> String {
        guard name.utf8.count + end.utf8.count > 63 else { return name + end }
        var head = ""
        for character in name {
            guard head.utf8.count + character.utf8.count + end.utf8.count <= 54 else { break }
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
    /// Whether only rows that are not deleted count.
    package var isLive: Bool

    package init(_ columns: [String], isUnique: Bool, isLive: Bool = false) {
        self.columns = columns
        self.isUnique = isUnique
        self.isLive = isLive
    }
}

/// A check that a column should have.
package struct NamedCheck: Sendable, Equatable {
    package var name: String
    /// As declared.
    package var condition: String
    /// Whether it lists an enum's values.
    package var isOfValues = false
}

extension Table {
    /// The columns that constraints are about, by the names that Stead gives them: of a check those
    /// that its condition names.
    package func constraintColumns(on engine: DatabaseEngine) -> [String: [String]] {
        var columns: [String: [String]] = [:]
        for shape in shapes where shape.isUnique {
            columns[ConstraintName.index(name, shape)] = shape.columns
        }
        for column in self.columns {
            if let check = column.check {
                columns[ConstraintName.check(name, column, check)] = named(
                    in: check, of: column, engine)
            }
            if column.type.values != nil {
                columns[ConstraintName.values(name, column)] = [column.name]
            }
            if column.foreign != nil {
                columns[ConstraintName.foreignKey(name, column.name)] = [column.name]
            }
        }
        return columns
    }

    /// The columns of a check that has a name of somebody else's, or that of a table which has been
    /// renamed since; none when it is not certain which check it is.
    ///
    /// - Parameters:
    ///   - name: what the database calls it; SQLite gives a condition without a name itself.
    ///   - engine: the database's.
    /// - Returns: the columns that its condition names.
    package func columns(ofCheck name: String, on engine: DatabaseEngine) -> [String] {
        let checks = columns.compactMap { column in column.check.map { (column, $0) } }
        if let digest = ConstraintName.digest(in: name) {
            for (column, check) in checks
            where ConstraintName.check("", column, check).hasSuffix(digest) {
                return named(in: check, of: column, engine)
            }
            for column in columns
            where column.type.values != nil
                && ConstraintName.values("", column).hasSuffix(digest)
            {
                return [column.name]
            }
        }
        for (column, check) in checks where SQLText(check, engine).isSame(as: name) {
            return named(in: check, of: column, engine)
        }
        // What engines make up for a check of one column: `items.price`, `items_price_check`.
        for (column, check) in checks
        where [column.name, "\(self.name).\(column.name)", "\(self.name)_\(column.name)_check"]
            .contains(name)
        {
            return named(in: check, of: column, engine)
        }
        guard checks.count == 1, columns.allSatisfy({ $0.type.values == nil }) else { return [] }
        return named(in: checks[0].1, of: checks[0].0, engine)
    }

    /// The columns that a column's check names, in their own order.
    private func named(in check: String, of column: Column, _ engine: DatabaseEngine) -> [String] {
        let words = SQLWords(check, engine).words
        let names = Set(
            words.filter { $0.sort == .name || $0.sort == .quotedName }.map {
                $0.text.lowercased()
            })
        let found = columns.map(\.name).filter { names.contains($0.lowercased()) }
        return found.isEmpty ? [column.name] : found
    }
}
