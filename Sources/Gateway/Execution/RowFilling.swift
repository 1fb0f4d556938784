import FoundationEssentials
import SQL
import Schemas

/// Completes what a request says of a row with what it may not say: owner, clock, keys.
struct RowFilling {
    private let writing: RowWriting
    private let table: ServedTable
    private let rules: RowRules
    /// Columns whose values come from elsewhere.
    private let given: Set<Int>

    init(
        _ writing: RowWriting, _ table: ServedTable, _ rules: RowRules, given: Set<Int> = []
    ) {
        self.given = given
        self.writing = writing
        self.table = table
        self.rules = rules
    }

    typealias Values = [(column: ServedColumn, value: SQLValue)]

    /// The columns of a new row.
    ///
    /// - Throws: 422 with all that is missing, or may not be set.
    func creation(_ draft: RowDraft) throws(APIError) -> Values {
        var problems: [APIError.FieldProblem] = []
        let values = try creation(draft, &problems)
        if !problems.isEmpty { throw .invalid(problems) }
        return values
    }

    /// Everything that is wrong with a new row, before the database is asked.
    func problems(ofNew draft: RowDraft) throws(APIError) -> [APIError.FieldProblem] {
        var problems: [APIError.FieldProblem] = []
        _ = try creation(draft, &problems)
        return problems
    }

    /// Everything that is wrong with a change, whatever the row is now: what can't be set may be
    /// what it is already.
    func problems(ofChange draft: RowDraft) -> [APIError.FieldProblem] {
        draft.problems
            + draft.values.compactMap { column, value in
                value == .null && column.column.isRequired
                    ? problem(of: column, value, draft, isNew: false)
                    : outOfBounds(column, value, draft)
            }
    }

    private func creation(_ draft: RowDraft, _ problems: inout [APIError.FieldProblem])
        throws(APIError) -> Values
    {
        problems += draft.problems
        let known = Set(draft.problems.map(\.field))
        var values: Values = []
        let owner = try ownerValue(for: .create)
        for column in table.columns where !given.contains(column.index) {
            let given = draft.value(of: column)
            if let (ownerColumn, subject) = owner, ownerColumn.index == column.index {
                if let given, given != subject { problems.append(readOnly(column, draft)) }
                values.append((column, subject))
                continue
            }
            if let given {
                if let problem = problem(of: column, given, draft, isNew: true) {
                    problems.append(problem)
                }
                values.append((column, given))
            } else if let made = made(column) {
                values.append((column, made))
            } else if column.column.isRequired, !column.column.isSelfMade {
                let field = draft.path + column.name
                guard !known.contains(field) else { continue }
                problems.append(.init(field: field, code: "required", message: "is required"))
            }
        }
        return values
    }

    /// The columns of a row that change.
    ///
    /// - Throws: 422 with all that may not be set.
    func change(_ draft: RowDraft, of old: RowWriting.Written, isWhole: Bool) throws(APIError)
        -> Values
    {
        var problems = draft.problems
        var values: Values = []
        let owner = try ownerValue(for: .update)
        for column in table.columns {
            guard let given = draft.value(of: column) else {
                if isWhole, let value = try reset(column, owner: owner?.column) {
                    values.append((column, value))
                }
                continue
            }
            // What it is already may be said again.
            if given == old.values[column.index] { continue }
            if column.column.isPrimary || owner?.column.index == column.index {
                problems.append(readOnly(column, draft))
            } else if let problem = problem(of: column, given, draft, isNew: false) {
                problems.append(problem)
            } else {
                values.append((column, given))
            }
        }
        if !problems.isEmpty { throw .invalid(problems) }
        let hasChanges = !values.isEmpty
        for column in table.columns where hasChanges && column.column.stamp == .updated {
            values.append((column, writing.values.stored(writing.now)))
        }
        return values
    }

    /// Whose the row must be, where the caller may only touch own rows.
    private func ownerValue(for operation: Operation) throws(APIError) -> (
        column: ServedColumn, value: SQLValue
    )? {
        guard rules.condition(for: operation) == .owner, let owner = table.owner,
            !owner.column.isPrimary
        else { return nil }
        return (owner, try rules.subject(as: owner))
    }

    private func readOnly(_ column: ServedColumn, _ draft: RowDraft) -> APIError.FieldProblem {
        .init(field: draft.path + column.name, code: "read_only", message: "can't be set")
    }

    private func problem(
        of column: ServedColumn, _ value: SQLValue, _ draft: RowDraft, isNew: Bool
    ) -> APIError.FieldProblem? {
        let isKey = column.column.isPrimary && column.column.isAuto
        guard column.isWritable(by: rules.role), column.index != table.deletedAt?.index, !isKey
        else { return readOnly(column, draft) }
        if let problem = outOfBounds(column, value, draft) { return problem }
        guard value == .null, column.column.isRequired else { return nil }
        return .init(
            field: draft.path + column.name, code: "required", message: "must not be null")
    }

    /// What the database would say too, of a number alone.
    private func outOfBounds(_ column: ServedColumn, _ value: SQLValue, _ draft: RowDraft)
        -> APIError.FieldProblem?
    {
        guard case .integer(let number) = value, column.type.base == .int else { return nil }
        let (least, most) = (column.bounds.minimum, column.bounds.maximum)
        guard number < least || number > most else { return nil }
        let message = number < least ? "must be at least \(least)" : "must be at most \(most)"
        return .init(field: draft.path + column.name, code: "check", message: message)
    }

    /// What the gateway itself puts into a new row.
    private func made(_ column: ServedColumn) -> SQLValue? {
        if column.column.stamp != nil { return writing.values.stored(writing.now) }
        guard column.column.isAuto, column.type.base == .uuid else { return nil }
        return .text(UUIDv7.make(now: writing.now))
    }

    /// What a column becomes in a row that is replaced as a whole, if the caller may say so.
    ///
    /// - Throws: 422 for one that must be said.
    private func reset(_ column: ServedColumn, owner: ServedColumn?) throws(APIError) -> SQLValue? {
        guard column.isWritable(by: rules.role), !column.column.isPrimary,
            column.index != table.deletedAt?.index, column.index != owner?.index
        else { return nil }
        switch column.column.defaultValue {
        case .literal(let text):
            return try? writing.values.value(text, for: column.type)
        case .now: return writing.values.stored(writing.now)
        case .uuid: return .text(UUIDv7.make(now: writing.now))
        case .expression: return nil
        case nil: break
        }
        guard !column.column.isRequired else {
            throw .invalid([
                .init(field: column.name, code: "required", message: "is required")
            ])
        }
        return .null
    }
}

/// Keys that grow with time.
enum UUIDv7 {
    /// Source: RFC 9562, section 5.7.
    static func make(now: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        var high = UInt64(now) << 16 | 0x7000
        high |= generator.next() & 0x0FFF
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = [high, low].map { value in
            let text = String(value, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }
}
