package import Diagnostics
package import Resources

extension Plan {
    /// A resource that nothing is done to: it is not known what is there, or what is there can't
    /// become what is asked.
    package struct Unknown: Sendable, Equatable, Codable {
        package let address: Address
        package let server: String
        /// One line.
        package let reason: String
        /// More lines: two fingerprints, a command's own output.
        package let detail: String?
        package let fix: String?
        /// Nil for a resource that has left git.
        package let location: SourceLocation?

        init(_ resource: any Resource, _ report: Failure.Report) {
            self.init(
                resource.address, server: resource.server, report,
                location: resource.location)
        }

        init(
            _ address: Address, server: String, _ report: Failure.Report,
            location: SourceLocation? = nil
        ) {
            self.address = address
            self.server = server
            self.reason = Redactor.redactedMessage(report.message)
            self.detail = report.detail.map(Redactor.redacted)
            self.fix = report.fix.map(Redactor.redactedMessage)
            self.location = location
        }
    }

    /// What a person should know of a resource; nothing of it is done.
    package struct Remarked: Sendable, Equatable, Codable {
        package let address: Address
        package let server: String
        /// One line.
        package let summary: String
        /// What it is about, by name; empty where the summary says it all.
        package let items: [String]
        /// Nil for a resource that has left git.
        package let location: SourceLocation?

        init(_ resource: any Resource, _ remark: Remark) {
            address = resource.address
            server = resource.server
            summary = remark.summary
            items = remark.items
            location = resource.location
        }
    }

    /// A resource that leaves the inventory; what is on its host stays as it is.
    package struct Forgotten: Sendable, Equatable, Codable {
        /// Why nothing is done to the host.
        package enum Reason: String, Sendable, Codable {
            /// Nothing of it is left.
            case gone
            /// It was there before Stead, which never wrote it.
            case found
            /// Another resource now declares the same path or unit.
            case takenOver
            /// Its server has left git, and nothing else is kept there.
            case serverRemoved
        }

        package let address: Address
        package let server: String
        package let reason: Reason
        /// The resource that took it over.
        package let by: Address?

        init(_ entry: InventoryEntry, _ reason: Reason, by: Address? = nil) {
            address = entry.address
            server = entry.server
            self.reason = reason
            self.by = by
        }
    }

    /// A resource that is as desired, in other words.
    package struct Normalised: Sendable, Equatable, Codable {
        package let address: Address
        package let differences: [PlannedDifference]
    }

    /// How many resources there are of each sort.
    package struct Counts: Sendable, Equatable, Codable {
        package let create: Int
        package let update: Int
        package let delete: Int
        package let drift: Int
        package let refused: Int
        /// Changes that are not made, because of a policy.
        package let denied: Int
        package let unknown: Int
        package let unchanged: Int

        init(
            _ changes: [PlannedChange], refused: Int, denied: Int, unknown: Int, unchanged: Int
        ) {
            self.denied = denied
            create = changes.count { $0.action == .create }
            update = changes.count { $0.action == .update }
            delete = changes.count { $0.action == .delete }
            drift = changes.count { $0.action == .drift }
            self.refused = refused
            self.unknown = unknown
            self.unchanged = unchanged
        }
    }
}

extension Plan.Counts: CustomStringConvertible {
    /// For a history: `3 to create, 1 unknown`, or `nothing to do`.
    package var description: String {
        let parts = [
            (create, "to create"), (update, "to update"), (delete, "to delete"),
            (drift, "drifted"), (refused, "refused"), (denied, "denied"), (unknown, "unknown"),
        ]
        let told = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return told.isEmpty ? "nothing to do" : told.joined(separator: ", ")
    }
}
