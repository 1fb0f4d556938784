import NIOCore
import SQL
import Schemas

/// A request for one row of a server, which waits.
struct PointRead: Sendable {
    typealias Answer = Result<ShowTask.Output, APIError>

    let task: ShowTask
    let key: Int
    /// The thread that takes the answer.
    let loop: any EventLoop
    let answer: @Sendable (Answer) -> Void
}

/// Rows of one table under one condition, each for a request of its own.
struct PointBatch: Sendable {
    let reads: [PointRead]

    /// Reads the rows with one statement, and answers all requests: one at least.
    ///
    /// - Throws: what is no request's own affair; then none has been answered.
    func answer(on database: some Database) throws(SQLError) {
        hand(on: try answers(on: database))
    }

    /// Hands on an answer for each request. Each thread is woken once for all that are its own.
    func hand(on answers: [PointRead.Answer]) {
        var rest = Array(reads.indices)
        while let first = rest.first {
            let loop = reads[first].loop
            let own = rest.filter { reads[$0].loop === loop }
            rest.removeAll { reads[$0].loop === loop }
            loop.execute {
                for place in own { reads[place].answer(answers[place]) }
            }
        }
    }

    private func answers(on database: some Database) throws(SQLError) -> [PointRead.Answer] {
        do throws(SQLError) {
            return try together(on: database)
        } catch {
            let refusal = APIError(error)
            guard refusal.status != 503 else { throw error }
            guard reads.count > 1 else { return [.failure(refusal)] }
            // A key that the database refuses is its own request's affair, and nobody else's.
            var answers: [PointRead.Answer] = []
            for read in reads { answers += try PointBatch(reads: [read]).answers(on: database) }
            return answers
        }
    }

    private func together(on database: some Database) throws(SQLError) -> [PointRead.Answer] {
        let keys = reads.map(\.key)
        let first = reads[0].task
        let keyColumn = first.table.key[0].index
        // Few lengths make few texts, which connections keep prepared.
        let marked = keys + repeatElement(keys[0], count: Self.roundedUp(keys.count) - keys.count)
        var found = [ShowTask.Written?](repeating: nil, count: keys.count)
        // All in one piece: many small ones would be given back by other threads than this.
        var text = WireText(capacity: 512 * keys.count)
        try database.query(
            first.select(marked.count), marked.map { .integer($0) } + (first.scope?.values ?? [])
        ) { row throws(SQLError) in
            let key = row.integer(keyColumn)
            for place in keys.indices where keys[place] == key {
                found[place] = reads[place].task.write(row, to: &text)
            }
        }
        let bytes = text.bytes
        return found.map { row in
            row.map { .success(.init($0, in: bytes)) } ?? .failure(.notFound)
        }
    }

    /// The next power of two, or one and a half of the one before.
    private static func roundedUp(_ count: Int) -> Int {
        var power = 1
        while power < count { power *= 2 }
        return count <= power / 4 * 3 ? power / 4 * 3 : power
    }
}
