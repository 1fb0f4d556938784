import SQL
import Synchronization

/// Carries a refusal through code that only knows errors of databases.
final class Refusal: Sendable {
    private let kept = Mutex<APIError?>(nil)

    /// The last refusal that was carried; nil when there was none.
    var error: APIError? { kept.withLock { $0 } }

    /// Runs `body`; its refusal becomes an error of the database, of the same reason.
    func carrying<Value>(_ body: () throws(APIError) -> Value) throws(SQLError) -> Value {
        do throws(APIError) {
            return try body()
        } catch {
            kept.withLock { $0 = error }
            throw SQLError(error.cause ?? .other, error.message)
        }
    }
}

extension Database {
    /// A query whose errors are refusals.
    func rows(
        _ fragment: SQLFragment, _ body: (RowView) -> Void
    ) throws(APIError) {
        do throws(SQLError) {
            try query(fragment.sql, fragment.values) { row throws(SQLError) in body(row) }
        } catch {
            throw APIError(error)
        }
    }

    /// A query whose errors are refusals.
    func rows(
        _ text: PreparedText, _ values: [SQLValue], _ body: (RowView) -> Void
    ) throws(APIError) {
        do throws(SQLError) {
            try query(text, values) { row throws(SQLError) in body(row) }
        } catch {
            throw APIError(error)
        }
    }

    /// A statement whose errors are refusals; how many rows it changed.
    @discardableResult
    func change(_ fragment: SQLFragment) throws(APIError) -> Int {
        do throws(SQLError) {
            return try execute(fragment.sql, fragment.values)
        } catch {
            throw APIError(error)
        }
    }
}
