/// As whom somebody calls an app's API.
package enum CallerRole: Sendable, Hashable {
    /// Without a token: only what is public.
    case anonymous
    /// Signed in; `default` for those whom the app gives no role.
    case named(String)

    /// The role that sees deleted rows, brings them back and purges them.
    package static let admin = CallerRole.named("admin")

    /// Whether one of the roles a field is open to; nil is everybody.
    package func isAmong(_ roles: [String]?) -> Bool {
        guard let roles else { return true }
        if case .named(let name) = self { return roles.contains(name) }
        return false
    }

    /// The rows it may touch: its own rule, else that of `default`; a table without rules shows
    /// every row, one with rules for others none.
    package func condition(on table: Table, for operation: Operation) -> RowFilter.Condition {
        var names = ["default"]
        if case .named(let name) = self, name != "default" { names.insert(name, at: 0) }
        for name in names {
            let filter = table.rules.filters.first {
                $0.role == name && $0.operations?.contains(operation) ?? true
            }
            if let filter { return filter.condition }
        }
        return table.rules.filters.isEmpty ? .everything : .nothing
    }
}

extension Table {
    /// Whether a delete only sets `deleted_at`.
    package var deletesSoftly: Bool {
        rules.softDelete ?? (self["deleted_at"]?.type.base == .datetime)
    }
}
