import Resources
import Schemas

/// A release as people read it in a plan, a line a thing.
enum ReleaseText {
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
        if rules.requiresMatch { lines.append("\(table.name): changes need If-Match") }
        for column in table.columns {
            var words = "\(table.name).\(column.name) \(column.type)"
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
