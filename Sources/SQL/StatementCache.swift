/// A compiled statement that a connection keeps for its next use.
package protocol KeptStatement: AnyObject {
    var sql: String { get }
    /// Being stepped: another use of the same text then needs a statement of its own.
    var isRunning: Bool { get }
    /// The cache's own: when it was last asked for, and the number of the `PreparedText`.
    var use: StatementUse { get set }
}

/// What a `StatementCache` notes about a statement.
package struct StatementUse {
    var last = 0
    var textID = 0

    package init() {}
}

/// The statements that a connection keeps compiled; of too many, the one that has not been used
/// for longest goes.
package struct StatementCache<Statement: KeptStatement> {
    private let limit: Int
    private var statements: [String: Statement] = [:]
    /// Where a `PreparedText` finds its statement: its number's last bits are the place. Another
    /// text in the place costs a look at `statements`, no more.
    private var places: [Statement?]
    private var uses = 0

    /// - Parameter limit: how many statements are kept, 1 at least.
    package init(limit: Int) {
        self.limit = max(limit, 1)
        var count = 64
        while count < limit * 2 { count *= 2 }
        places = Array(repeating: nil, count: count)
    }

    private func place(_ id: Int) -> Int { id & (places.count - 1) }

    /// The kept statement, unless it is being stepped further up the stack.
    package mutating func find(_ text: PreparedText) -> Statement? {
        if let statement = places[place(text.id)], statement.use.textID == text.id {
            return used(statement)
        }
        guard let statement = find(text.sql) else { return nil }
        hold(statement, text)
        return statement
    }

    /// The kept statement, unless it is being stepped further up the stack.
    package mutating func find(_ sql: String) -> Statement? {
        statements[sql].flatMap { used($0) }
    }

    private mutating func used(_ statement: Statement) -> Statement? {
        guard !statement.isRunning else { return nil }
        uses += 1
        statement.use.last = uses
        return statement
    }

    private mutating func hold(_ statement: Statement, _ text: PreparedText) {
        // A statement has one place at most: the one that goes is then let go everywhere.
        release(statement)
        statement.use.textID = text.id
        places[place(text.id)] = statement
    }

    private mutating func release(_ statement: Statement) {
        let place = place(statement.use.textID)
        if places[place] === statement { places[place] = nil }
    }

    /// Keeps a new statement, and returns those that had to go for it.
    package mutating func keep(_ statement: Statement, for text: PreparedText?) -> [Statement] {
        var gone: [Statement] = []
        if let former = statements.removeValue(forKey: statement.sql) { gone.append(former) }
        while statements.count >= limit, let oldest = oldest {
            statements[oldest.sql] = nil
            gone.append(oldest)
        }
        for statement in gone { release(statement) }
        uses += 1
        statement.use.last = uses
        statements[statement.sql] = statement
        if let text { hold(statement, text) }
        return gone
    }

    private var oldest: Statement? {
        statements.values.min { $0.use.last < $1.use.last }
    }

    /// Lets go of all of them.
    package mutating func removeAll() {
        statements.removeAll()
        for place in places.indices { places[place] = nil }
    }
}
