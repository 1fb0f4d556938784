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

    /// The rows it may touch; see `Table.condition`.
    package func condition(on table: Table, for operation: Operation) -> RowFilter.Condition {
        switch self {
        case .anonymous: table.condition(for: "anonymous", operation)
        case .named(let name): table.condition(for: name, operation)
        }
    }
}

extension Table {
    /// The rows that a role may touch: by its own rule, else by that of `default`; one for the
    /// operation goes before one for all of them.
    ///
    /// A table without rules shows every row, one with rules for others none.
    package func condition(for role: String, _ operation: Operation) -> RowFilter.Condition {
        guard !rules.filters.isEmpty else { return .everything }
        for name in [role, "default"] {
            let own = rules.filters.filter { $0.role == name }
            let named = own.first { $0.operations?.contains(operation) ?? false }
            if let found = named ?? own.first(where: { $0.operations == nil }) {
                return found.condition
            }
        }
        return .nothing
    }

    /// Whether a delete only sets `deleted_at`.
    package var deletesSoftly: Bool {
        rules.softDelete ?? (self[Self.deletionStamp]?.type.base == .datetime)
    }
}
