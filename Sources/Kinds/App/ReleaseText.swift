import Resources
import Schemas

/// A release as people read it in a plan, a line a thing.
enum ReleaseText {
    /// How a release differs from the one that is served: in words where its text doesn't show it.
    static func difference(from old: Release?, to new: Release) -> Difference.Value {
        let contents = (old.map(content), content(new))
        guard let old, contents.0 == contents.1 else {
            return .content(old: contents.0, new: contents.1)
        }
        let tables = new.schema.tables.filter { old.schema[$0.name] != $0 }.map(\.name)
        let parts = [
            old.app == new.app ? nil : "settings of the app",
            tables.isEmpty ? nil : "definition of \(tables.joined(separator: ", "))",
            old.queries == new.queries ? nil : "settings of queries",
        ].compactMap(\.self)
        return .text(
            old: "published",
            new: "published anew" + (parts.isEmpty ? "" : ": " + parts.joined(separator: "; ")))
    }

    static func content(_ release: Release) -> Content {
        var lines = ["database \(release.app.database)", "path \(release.app.basePath)"]
        lines += release.app.hosts.map { "host \($0)" }
        lines += release.app.origins.map { "origin \($0)" }
        if let auth = release.app.auth {
            lines.append("sign-in by \(auth.table).\(auth.login), \(auth.algorithm.rawValue)")
            if auth.allowsRegistration { lines.append("anybody may register") }
        }
        for query in release.queries {
            let callers = query.isPublic ? "everybody" : query.roles?.joined(separator: ", ")
            lines.append("query \(query.name) for \(callers ?? "all who sign in"): \(query.sql)")
        }
        for table in release.schema.tables { lines += Self.lines(of: table) }
        return Content(lines.joined(separator: "\n") + "\n")
    }

    private static func lines(of table: Table) -> [String] {
        let rules = table.rules
        var lines = [
            "\(table.name): \(rules.operations.map(\.rawValue).joined(separator: ", "))"
        ]
        if !rules.publicOperations.isEmpty {
            let operations = rules.publicOperations.map(\.rawValue).joined(separator: ", ")
            lines.append("\(table.name): \(operations) without a token")
        }
        for filter in rules.filters { lines.append("\(table.name): \(words(filter))") }
        for (name, condition) in rules.namedFilters.sorted(by: { $0.key < $1.key }) {
            lines.append("\(table.name): filter \(name) is \(condition)")
        }
        for unique in table.uniques {
            let scope = table.liveUniques?.contains(unique) == true ? ", of rows not deleted" : ""
            lines.append("\(table.name): unique (\(unique.joined(separator: ", ")))\(scope)")
        }
        if let order = rules.order { lines.append("\(table.name): in order of \(order)") }
        if table.deletesSoftly {
            lines.append(
                "\(table.name): a delete only sets \(Table.deletionStamp)"
                    + (rules.cascade ? ", and takes along what refers to the row" : ""))
        }
        if rules.requiresMatch { lines.append("\(table.name): changes need If-Match") }
        for column in table.columns {
            var words = "\(table.name).\(column.name) \(column.type)" + nature(of: column)
            if let readers = column.access.readers {
                words += ", read by \(readers.isEmpty ? "nobody" : readers.joined(separator: ", "))"
            }
            if let writers = column.access.writers {
                words +=
                    ", written by \(writers.isEmpty ? "nobody" : writers.joined(separator: ", "))"
            }
            lines.append(words)
        }
        return lines
    }

    private static func nature(of column: Column) -> String {
        var words = column.isPrimary ? ", key" : column.isRequired ? ", required" : ""
        if column.isAuto { words += ", numbered" }
        if let value = column.defaultValue { words += ", default \(text(of: value))" }
        if let sql = column.generated { words += ", computed as \(sql)" }
        if let check = column.check { words += ", only where \(check)" }
        if let stamp = column.stamp { words += ", set when \(stamp.rawValue)" }
        guard let foreign = column.foreign else { return words }
        let action = foreign.onDelete == .restrict ? "" : " (\(foreign.onDelete.rawValue))"
        return words + ", refers to \(foreign.table).\(foreign.column)\(action)"
    }

    private static func text(of value: DefaultValue) -> String {
        switch value {
        case .literal(let text), .expression(let text): text
        case .now: "now"
        case .uuid: "a new UUID"
        }
    }

    private static func words(_ filter: RowFilter) -> String {
        let rows =
            switch filter.condition {
            case .owner: "one's own rows"
            case .everything: "every row"
            case .nothing: "no row"
            case .expression(let condition): "rows where \(condition)"
            }
        let operations = filter.operations.map {
            " (\($0.map(\.rawValue).joined(separator: ", ")))"
        }
        return "\(filter.role) sees \(rows)\(operations ?? "")"
    }
}
