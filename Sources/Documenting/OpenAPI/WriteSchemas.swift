import Schemas

/// Schemas of what is sent to make and to change a table's rows, with rows of others in them.
///
/// A new row is told of with the rows in it and those in them, a change with the rows in it: a
/// schema that leads back to itself would allow what lies too deep.
struct WriteSchemas {
    let app: ServedApp
    let table: ServedTable

    init(_ app: ServedApp, _ table: ServedTable) {
        self.app = app
        self.table = table
    }

    func write(to json: inout JSONWriter) {
        if has(.create) {
            json.object(table.typeName + "Create") { schema in
                writeRow(table.creatable, isNew: true, isWhole: true, depth: 2, to: &schema)
            }
        }
        if has(.update) {
            json.object(table.typeName + ".many") { schema in
                writeRow(
                    table.updatable, isNew: false, isWhole: false, hasTag: false, depth: 0,
                    to: &schema)
            }
            json.object(table.typeName + "Replace") { schema in
                writeRow(
                    table.updatable, isNew: false, isWhole: true, hasTag: hasTag, depth: 1,
                    to: &schema)
            }
            json.object(table.typeName + "Patch") { schema in
                writeRow(
                    table.updatable, isNew: false, isWhole: false, hasTag: hasTag, depth: 1,
                    to: &schema)
            }
        }
        for nesting in nestings {
            for depth in 0...1 {
                json.object(table.typeName + nesting.suffix(depth)) { schema in
                    schema.array("anyOf") { writeChoices(nesting, depth, to: &$0) }
                }
            }
        }
    }

    /// Where a version must be given, a row by itself has it in a header.
    private var hasTag: Bool { !table.table.rules.requiresMatch }

    private func has(_ operation: Operation) -> Bool { table.operations.contains(operation) }

    // MARK: - Rows

    private func writeRow(
        _ columns: [Column], isNew: Bool, isWhole: Bool, without inherited: String? = nil,
        key: Bool = false, hasTag: Bool = true, depth: Int, to json: inout JSONWriter
    ) {
        let columns = columns.filter { $0.name != inherited }
        let needsTag = key && table.table.rules.requiresMatch
        json.member("type", "object")
        json.member("additionalProperties", false)
        let parents = depth > 0 ? parents(of: columns) : [:]
        var required = isWhole ? columns.filter(\.mustBeGiven).map(\.name) : []
        let either = required.compactMap { name in parents[name].map { (name, $0) } }
        required.removeAll { parents[$0] != nil }
        if key { required += table.table.primaryKey.map(\.name) }
        if needsTag { required.append("_etag") }
        if !required.isEmpty { json.array("required", required) }
        if !either.isEmpty {
            json.array("allOf") { all in
                for (column, relation) in either {
                    all.object { Self.write(column, or: relation, to: &$0) }
                }
            }
        }
        json.object("properties") { properties in
            for column in key ? table.table.primaryKey + columns : columns {
                properties.object(column.name) { schema in
                    ValueSchema(column: column, use: .input).write(to: &schema)
                    if isWhole, let value = column.defaultValue?.json(for: column.type) {
                        schema.raw("default", value)
                    }
                }
            }
            if hasTag, !isNew || !table.conflictTargets.isEmpty {
                properties.raw("_etag", #"{"type":"string","description":"The version read."}"#)
            }
            for relation in table.relations where depth > 0 && relation.nearColumn != inherited {
                write(relation, columns, depth - 1, to: &properties)
            }
        }
    }

    /// A reference is given as it is, or by a row that it is to lead to.
    private static func write(
        _ column: String, or relation: String, to json: inout JSONWriter
    ) {
        json.array("anyOf") { choices in
            choices.object { $0.array("required", [column]) }
            choices.object { choice in
                choice.array("required", [relation])
                choice.object("properties") { properties in
                    properties.raw(relation, #"{"type":"object"}"#)
                }
            }
        }
    }

    // MARK: - Rows in rows

    /// Relations to one row that may be written, by the columns that refer.
    private func parents(of columns: [Column]) -> [String: String] {
        let names = Set(columns.map(\.name))
        let known = table.relations.filter { relation in
            relation.kind == .parent && names.contains(relation.nearColumn)
                && app.table(relation.table).map {
                    !choices($0, Nesting(nil, isList: false)).isEmpty
                }
                    == true
        }
        return Dictionary(known.map { ($0.nearColumn, $0.name) }, uniquingKeysWith: { $1 })
    }

    private func write(
        _ relation: Relation, _ columns: [Column], _ depth: Int, to json: inout JSONWriter
    ) {
        guard let far = app.table(relation.table), let nesting = Nesting(relation, in: app),
            !choices(far, nesting).isEmpty
        else { return }
        let name = far.typeName + nesting.suffix(depth)
        let reference = ##"{"$ref":"#/components/schemas/\##(name)"}"##
        guard !nesting.isList else {
            json.raw(
                relation.name,
                #"{"type":"array","maxItems":\#(ServingLimits.nestedRows),"#
                    + #""items":\#(reference)}"#)
            return
        }
        guard columns.contains(where: { $0.name == relation.nearColumn }) else { return }
        json.raw(relation.name, #"{"anyOf":[\#(reference),{"type":"null"}]}"#)
    }

    /// How rows of this table may lie in those of others.
    private var nestings: [Nesting] {
        var found: [Nesting] = []
        for other in app.tables {
            for relation in other.relations where relation.table == table.table.identity {
                guard let nesting = Nesting(relation, in: app), !found.contains(nesting),
                    !choices(table, nesting).isEmpty
                else { continue }
                found.append(nesting)
            }
        }
        return found
    }

    /// What a row in another one may be.
    private enum Choice {
        case key, mention, change, new
    }

    private func choices(_ far: ServedTable, _ nesting: Nesting) -> [Choice] {
        let isOwn = nesting.column != nil
        let isSelfMade = far.table.primaryKey.contains(where: \.isAuto)
        var choices: [Choice] = []
        // A row that is its parent's already is changed, if by nothing; others are linked.
        let isLinked =
            isOwn
            ? far.operations.contains(.update) && !far.table.rules.requiresMatch
            : far.isReadable
        if isLinked, far.table.primaryKey.count == 1 {
            choices.append(nesting.isList ? .key : .mention)
        }
        if isSelfMade, far.operations.contains(.update) { choices.append(.change) }
        if far.operations.contains(.create) { choices.append(.new) }
        return choices
    }

    private func writeChoices(_ nesting: Nesting, _ depth: Int, to json: inout JSONWriter) {
        let key = table.table.primaryKey
        for choice in choices(table, nesting) {
            json.object { schema in
                switch choice {
                case .key: ValueSchema(column: key[0], use: .input).write(to: &schema)
                case .mention:
                    schema.member("type", "object")
                    schema.member("additionalProperties", false)
                    schema.array("required", [key[0].name])
                    schema.object("properties") { properties in
                        properties.object(key[0].name) {
                            ValueSchema(column: key[0], use: .input).write(to: &$0)
                        }
                    }
                case .change:
                    writeRow(
                        table.updatable, isNew: false, isWhole: false, without: nesting.column,
                        key: true, depth: depth, to: &schema)
                case .new:
                    writeRow(
                        table.creatable, isNew: true, isWhole: true, without: nesting.column,
                        depth: depth, to: &schema)
                }
            }
        }
    }
}

/// A way in which rows lie in those of another table.
private struct Nesting: Equatable {
    /// The column that says in which row it lies, and is not given besides.
    var column: String?
    var isList: Bool

    init(_ column: String?, isList: Bool) {
        self.column = column
        self.isList = isList
    }

    /// Nil for links whose table of links can't be written.
    init?(_ relation: Relation, in app: ServedApp) {
        switch relation.kind {
        case .parent: self.init(nil, isList: false)
        case .children: self.init(relation.farColumn, isList: true)
        case .manyToMany(let join, _, _):
            guard app.table(join)?.operations.contains(.create) == true else { return nil }
            self.init(nil, isList: true)
        }
    }

    /// What stands behind the name of the table's type; no type's own name holds a point.
    func suffix(_ depth: Int) -> String {
        let end = depth > 0 ? ".tree" : ""
        guard let column else { return (isList ? ".linked" : ".referred") + end }
        var name = ""
        for scalar in column.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": name.unicodeScalars.append(scalar)
            default: name += "-" + String(scalar.value, radix: 16)
            }
        }
        return ".in." + name + end
    }
}
