/// Writes that share a commit.
struct WriteBatch {
    private let jobs: [WriterCore.Job]

    /// What tells the caller that his work is done, or why it was not.
    private typealias Outcome = Result<@Sendable () -> Void, SQLError>

    init(_ jobs: [WriterCore.Job]) {
        self.jobs = jobs
    }

    /// Does all of them in one transaction, and tells everybody what became of it.
    func commit(on database: SQLiteDatabase) {
        if jobs.count == 1 { return commit(jobs[0], on: database) }
        var outcomes: [Outcome] = []
        var isEndedUnderWay = false
        do throws(SQLError) {
            try database.transaction(.durable) { () throws(SQLError) in
                for job in jobs {
                    let outcome = outcome(of: job, on: database)
                    // A full disk or an interrupted write ends the transaction for all.
                    isEndedUnderWay = !database.isInTransaction
                    if isEndedUnderWay { throw outcome.error ?? Self.ended }
                    outcomes.append(outcome)
                }
            }
        } catch {
            let culprit = isEndedUnderWay ? outcomes.count : nil
            for (index, job) in jobs.enumerated() {
                if culprit == nil || index == culprit {
                    job.fail(error)
                } else {
                    commit(job, on: database)
                }
            }
            return
        }
        for (job, outcome) in zip(jobs, outcomes) { tell(job, outcome) }
    }

    private static let ended = SQLError(.other, "the transaction was ended under way")

    /// Does one in a transaction of its own.
    private func commit(_ job: WriterCore.Job, on database: SQLiteDatabase) {
        let outcome = Outcome { () throws(SQLError) in
            try database.transaction(.durable) { () throws(SQLError) in
                try job.perform(database)
            }
        }
        tell(job, outcome)
    }

    /// Does one in a savepoint. References that it leaves open until the commit would break there
    /// for all, so they are its own error.
    private func outcome(of job: WriterCore.Job, on database: SQLiteDatabase) -> Outcome {
        Outcome { () throws(SQLError) in
            try database.transaction(.durable) { () throws(SQLError) in
                let tell = try job.perform(database)
                guard !database.hasOpenReferences else {
                    throw SQLError(.foreignKey, "FOREIGN KEY constraint failed")
                }
                return tell
            }
        }
    }

    private func tell(_ job: WriterCore.Job, _ outcome: Outcome) {
        switch outcome {
        case .success(let tell): tell()
        case .failure(let error): job.fail(error)
        }
    }
}

extension Result {
    fileprivate var error: Failure? {
        guard case .failure(let error) = self else { return nil }
        return error
    }
}
