/// How an engine writes what all engines can do.
package struct Dialect: Sendable, Equatable {
    package let engine: DatabaseEngine
    /// The names of indexes and references that are in use.
    var taken: Set<String> = []
    /// What is there already, by table: references must be of the type that they refer to.
    var observed = ObservedSchema()

    package init(_ engine: DatabaseEngine) {
        self.engine = engine
    }

    /// The name for something new: where one is taken, it gets a number.
    func free(_ name: String) -> String {
        guard taken.contains(name) else { return name }
        return (2...).lazy.map { ConstraintName.other(name, $0) }.first { !taken.contains($0) }
            ?? name
    }

    /// A name, so that no character of it is ever read as more than that.
    package func quoted(_ name: String) -> String {
        let mark: Character = engine == .mariadb ? "`" : "\""
        var text = String(mark)
        for character in name.unicodeScalars {
            text.unicodeScalars.append(character)
            if Character(character) == mark { text.append(mark) }
        }
        text.append(mark)
        return text
    }

    /// Names with commas between.
    package func quoted(_ names: [String]) -> String {
        names.map(quoted).joined(separator: ", ")
    }

    /// A table's name with that of its schema.
    package func quoted(_ table: TableIdentity) -> String {
        table.namespace.map { quoted($0) + "." + quoted(table.name) } ?? quoted(table.name)
    }

    /// Text as a literal, for definitions; values of queries are bound instead.
    ///
    /// No engine's connections take a backslash for more than that.
    package func literal(_ text: String) -> String {
        "'"
            + text.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "''") + "'"
    }

    /// Whether definitions can be taken back with the transaction that they are part of.
    package var definesInTransactions: Bool { engine != .mariadb }
}
