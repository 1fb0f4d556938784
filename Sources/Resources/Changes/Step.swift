/// One command of a run.
package struct Step: Sendable, Equatable {
    /// Tells the steps of one resource apart, the same in every run: `write /etc/motd`. Shown to
    /// people and journalled, so it holds no secret.
    package var id: String
    package var command: Command
    /// What is done in a database instead of a command, in JSON.
    package var databaseWork: [UInt8]?
    /// Whether the next observation can see that it was done. A step that leaves no trace, such as
    /// a reload, is owed until its success is journalled.
    package var leavesTrace: Bool
    /// The transaction it belongs to, if any.
    package var transaction: Transaction?

    package init(
        id: String, command: Command, leavesTrace: Bool = true, transaction: Transaction? = nil
    ) {
        self.id = id
        self.command = command
        self.leavesTrace = leavesTrace
        self.transaction = transaction
    }

    /// A step in a database.
    package init(id: String, databaseWork: [UInt8]) {
        self.init(id: id, command: Command(""))
        self.databaseWork = databaseWork
    }
}

/// Steps of several resources on one server that succeed or are undone together.
///
/// The originals of what the steps replace are kept on the host in `undoDirectory` until the
/// commit has succeeded, so that an interrupted transaction can be taken back by the next run.
package struct Transaction: Sendable, Hashable {
    /// Unique on its server: `nginx /etc/nginx`.
    package var id: String
    package var undoDirectory: String
    /// Shell text that tests what was written.
    package var test: String
    /// Shell text that puts it in force.
    package var commit: String

    package init(id: String, undoDirectory: String, test: String, commit: String) {
        self.id = id
        self.undoDirectory = undoDirectory
        self.test = test
        self.commit = commit
    }
}
