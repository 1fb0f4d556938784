import SQL
import Schemas
import Synchronization

/// What a request writes.
enum WriteOrder: Sendable {
    /// One row, or several; upserts where `conflict` says by which columns.
    case create([RowDraft], isBulk: Bool, Conflict?)
    case update(key: [SQLValue], RowDraft, isWhole: Bool)
    case delete(key: [SQLValue])
    case restore(key: [SQLValue])
    case purge(key: [SQLValue])
    /// All rows that conditions find, of which there may be so many.
    case updateAll([SQLFragment], RowDraft, maximum: Int)
    case deleteAll([SQLFragment], maximum: Int)

    /// What to do with a row that is there already.
    struct Conflict: Sendable {
        var columns: [ServedColumn]
        /// Whether a deleted row is none that is there.
        var isLive: Bool
        /// The row is changed; otherwise it stays as it is.
        var isMerged: Bool
    }
}

/// Writes in one transaction, and gives back what was written.
struct WriteTask: DatabaseTask {
    let app: ServedApp
    let table: ServedTable
    let caller: Caller
    let order: WriteOrder
    /// `If-Match`.
    let match: String?
    /// `If-None-Match: *`.
    let wantsNone: Bool
    let now: Int
    /// The sign-ins that it ends.
    let ended = Kept<[String]>()

    /// What was written.
    struct Output: Sendable {
        /// The rows, as objects with commas between.
        var rows = WireText()
        var version: UInt64?
        var isNew = false
        /// How many rows changed, by table; for deletes and changes of many.
        var affected: [String: Int] = [:]
        /// The key of a row that was made, as a path has it.
        var key: String?
    }

    private var writing: RowWriting { RowWriting(app, caller, now: now, ended: ended) }

    func run<D: Database>(on database: D) throws(APIError) -> Output {
        switch order {
        case .create(let drafts, let isBulk, let conflict):
            var output = Output()
            var problems: [APIError.FieldProblem] = []
            for draft in drafts where !draft.nested.isEmpty {
                problems += try writing.problems(ofAbsentIn: draft, in: table, on: database)
            }
            guard problems.isEmpty else { throw .invalid(problems) }
            for draft in drafts {
                let row = try put(draft, conflict, on: database)
                write(row, to: &output)
                if !isBulk {
                    output.version = row.version
                    output.key = table.pathText(of: row.key)
                }
                output.isNew = output.isNew || row.isNew
            }
            return output
        case .update(let key, let draft, let isWhole):
            let old = try writing.existing(key, of: table, for: .update, on: database)
            if wantsNone { throw .isThere }
            try writing.checkVersion(match ?? draft.etag, old, of: table)
            let problems = try writing.problems(
                ofAbsentIn: draft, in: table, old: old, on: database)
            guard problems.isEmpty else { throw .invalid(problems) }
            var output = Output()
            let new = try writing.update(old, draft, in: table, isWhole: isWhole, on: database)
            write(new, to: &output)
            output.version = new.version
            return output
        case .delete(let key):
            let old = try writing.existing(key, of: table, for: .delete, on: database)
            if wantsNone { throw .isThere }
            try writing.checkVersion(match, old, of: table)
            return Output(affected: try writing.delete(old, in: table, on: database))
        case .restore(let key): return try restore(key, on: database)
        case .purge(let key):
            let old = try writing.existing(
                key, of: table, for: .delete, on: database, includesDeleted: true)
            try writing.checkVersion(match, old, of: table)
            try writing.purge(old, in: table, on: database)
            return Output(affected: [table.name: 1])
        case .updateAll(let conditions, let draft, let maximum):
            return try changeAll(conditions, .update, maximum, on: database) {
                row, output throws(APIError) in
                _ = try writing.update(row, draft, in: table, isWhole: false, on: database)
                output.affected[table.name, default: 0] += 1
            }
        case .deleteAll(let conditions, let maximum):
            return try changeAll(conditions, .delete, maximum, on: database) {
                row, output throws(APIError) in
                let counts = try writing.delete(row, in: table, on: database)
                output.affected.merge(counts) { $0 + $1 }
            }
        }
    }

    private func write(_ row: RowWriting.Written, to output: inout Output) {
        if output.rows.count > 0 { output.rows.byte(UInt8(ascii: ",")) }
        RowText(table, fields: nil, role: caller.role).write(row, to: &output.rows)
        output.rows.byte(UInt8(ascii: "}"))
    }

    private func restore<D: Database>(_ key: [SQLValue], on database: D) throws(APIError)
        -> Output
    {
        let old = try writing.existing(
            key, of: table, for: .delete, on: database, includesDeleted: true)
        try writing.checkVersion(match, old, of: table)
        var output = Output(affected: try writing.restore(old, in: table, on: database))
        let found = try writing.row([writing.condition(key, of: table)], of: table, on: database)
        guard let new = found else { throw .notFound }
        write(new, to: &output)
        output.version = new.version
        return output
    }

    /// Makes a row; where one is there already by the columns of `conflict`, that one counts.
    private func put<D: Database>(
        _ draft: RowDraft, _ conflict: WriteOrder.Conflict?, on database: D
    ) throws(APIError) -> RowWriting.Written {
        guard let conflict else { return try writing.create(draft, in: table, on: database) }
        var conditions: [SQLFragment] = []
        for column in conflict.columns {
            let isOwner = table.owner?.index == column.index
            let owner = isOwner ? try RowRules(app, table, caller).subject(as: column) : nil
            guard let value = draft.value(of: column) ?? owner, value != .null else {
                return try writing.create(draft, in: table, on: database)
            }
            conditions.append(SQLFragment("\(column.quoted) = \(column.comparand)", [value]))
        }
        if conflict.isLive, let deletedAt = table.deletedAt {
            conditions.append(SQLFragment("\(deletedAt.quoted) IS NULL"))
        }
        guard let found = try writing.row(conditions, of: table, on: database) else {
            return try writing.create(draft, in: table, on: database)
        }
        // It must be one that the caller could have changed by its own path.
        let operation: Operation = conflict.isMerged ? .update : .show
        try RowRules(app, table, caller).admit(operation)
        let old: RowWriting.Written
        do throws(APIError) {
            old = try writing.existing(found.key, of: table, for: operation, on: database)
        } catch {
            var refusal = APIError(409, "unique", "another row has this value already")
            refusal.problems = conflict.columns.map {
                .init(
                    field: draft.path + $0.name, code: refusal.code, message: refusal.message)
            }
            throw refusal
        }
        guard conflict.isMerged else { return old }
        try writing.checkVersion(match ?? draft.etag, old, of: table)
        return try writing.update(old, draft, in: table, isWhole: false, on: database)
    }

    private func changeAll<D: Database>(
        _ conditions: [SQLFragment], _ operation: Operation, _ maximum: Int, on database: D,
        _ change: (RowWriting.Written, inout Output) throws(APIError) -> Void
    ) throws(APIError) -> Output {
        if table.rules.requiresMatch, match != "*" {
            throw APIError(
                428, "precondition_required",
                "many rows of `\(table.name)` are only changed with `If-Match: *`")
        }
        let scope = try RowRules(app, table, caller).scope(operation)
        var statement = SelectText(dialect: Dialect(app.engine), table: table)
            .select(where: .all(conditions + scope))
        statement.sql += " LIMIT ?" + (app.engine == .sqlite ? "" : " FOR UPDATE")
        statement.values.append(.integer(maximum + 1))
        var rows: [RowWriting.Written] = []
        try reading { () throws(APIError) in
            try database.rows(statement) {
                rows.append(writing.written($0, of: table, isNew: false))
            }
        }
        guard rows.count <= maximum else {
            throw APIError(
                409, "too_many_affected",
                "more than the \(maximum) rows of `max-affected` are concerned; nothing was done")
        }
        var output = Output()
        for row in rows { try change(row, &output) }
        return output
    }
}

extension SQLValue {
    /// As a path has it.
    var pathText: String {
        switch self {
        case .null: ""
        case .integer(let integer): String(integer)
        case .real(let real): "\(real)"
        case .text(let text): text
        case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// Does a task and takes it back: a dry run.
struct DryRun<Task: DatabaseTask>: DatabaseTask {
    let task: Task
    private let output = Kept<Task.Output>()

    init(_ task: Task) {
        self.task = task
    }

    /// What the task would have come to.
    var result: Task.Output? { output.value }

    func run<D: Database>(on database: D) throws(APIError) -> Never? {
        output.value = try task.run(on: database)
        throw APIError(0, "rolled_back", "taken back")
    }
}

/// A value that one thread leaves for another.
final class Kept<Value: Sendable>: Sendable {
    private let kept = Mutex<Value?>(nil)

    var value: Value? {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}
