package import Diagnostics
package import Resources
internal import SQL

extension StateStore {
    /// Journals that steps are about to be done.
    package func started(_ steps: StepID...) throws(Failure) {
        let seconds = seconds
        try write(.writing) { database throws(SQLError) in
            for step in steps {
                try Self.update(
                    step, "UPDATE journal SET state = 'started', started_at = ?",
                    [.integer(seconds)], in: database)
            }
        }
    }

    /// Journals how a step ended, and what its command said, redacted, cut to the last 4 KiB.
    package func finished(
        _ step: StepID, _ ending: JournalEntry.Ending, message: String? = nil
    ) throws(Failure) {
        try finished([step], ending, message: message)
    }

    /// Journals that several steps ended in the same way, as those of a transaction do.
    package func finished(
        _ steps: [StepID], _ ending: JournalEntry.Ending, message: String? = nil
    ) throws(Failure) {
        let seconds = seconds
        let message = SQLValue(message.map { Self.end(of: $0, bytes: 4096) })
        try write(.writing) { database throws(SQLError) in
            for step in steps {
                try Self.update(
                    step, "UPDATE journal SET state = ?, message = ?, finished_at = ?",
                    [.text(ending.rawValue), message, .integer(seconds)], in: database)
            }
        }
    }

    /// Resources that are owed a step which leaves no trace, such as a reload: it was planned,
    /// begun or has failed, or was skipped after another step of the same resource had been done.
    package func unfinished() throws(Failure) -> Set<Address> {
        let sql = """
            SELECT DISTINCT address FROM journal AS owed
            WHERE leaves_trace = 0 AND state IN ('planned', 'started', 'failed', 'skipped')
            AND (state <> 'skipped' OR EXISTS (
                SELECT 1 FROM journal AS done
                WHERE done.address = owed.address AND done.run = owed.run
                AND done.state = 'succeeded'))
            """
        return try read { database throws(SQLError) in
            Set(try database.all(sql) { row throws(SQLError) in try row.address(0) })
        }
    }

    /// The journal of one run, in the order it was planned.
    package func journal(of run: Int) throws(Failure) -> [JournalEntry] {
        let sql = """
            SELECT run, sequence, address, server, step, leaves_trace, bundle, state, message,
                started_at, finished_at
            FROM journal WHERE run = ? ORDER BY sequence
            """
        return try read { database throws(SQLError) in
            try database.all(sql, [.integer(run)]) { row throws(SQLError) in
                JournalEntry(
                    id: StepID(
                        run: try row.requiredInteger(0), sequence: try row.requiredInteger(1)),
                    planned: PlannedStep(
                        address: try row.address(2), server: try row.requiredText(3),
                        step: try row.requiredText(4), leavesTrace: row.integer(5) != 0,
                        transaction: row.text(6)),
                    state: try row.choice(7, of: JournalEntry.State.self), message: row.text(8),
                    startedAt: row.integer(9), finishedAt: row.integer(10))
            }
        }
    }

    private static func update(
        _ step: StepID, _ change: String, _ values: [SQLValue], in database: SQLiteDatabase
    ) throws(SQLError) {
        let updated = try database.execute(
            change + " WHERE run = ? AND sequence = ?",
            values + [.integer(step.run), .integer(step.sequence)])
        guard updated == 1 else {
            throw SQLError(.other, "run \(step.run) has no step \(step.sequence)")
        }
    }

    /// The end of a text, where a command's error mostly stands; a cut falls between characters.
    private static func end(of text: String, bytes limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let mark = "…"
        var start = text.utf8.index(text.endIndex, offsetBy: mark.utf8.count - limit)
        while start.samePosition(in: text.unicodeScalars) == nil {
            start = text.utf8.index(after: start)
        }
        return mark + text[start...]
    }
}
