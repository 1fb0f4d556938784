import SQL

extension APIError {
    /// What a database refused, in words that tell nothing of its insides.
    init(_ error: SQLError) {
        switch error.reason {
        case .unique:
            self.init(409, "unique", "another row has this value already", detail: error.message)
        case .foreignKey:
            self.init(
                409, "foreign_key", "another row is missing, or still refers to this one",
                detail: error.message)
        case .notNull:
            self.init(422, "required", "a value is missing", detail: error.message)
        case .check:
            self.init(422, "check", "a value breaks a rule of the table", detail: error.message)
        case .raised:
            let words = String(error.message.prefix(Self.longestRaised))
            self.init(422, "refused", "the database refuses it: \(words)", detail: error.message)
        case .tooLong:
            self.init(422, "too_long", "a value is too long or too large", detail: error.message)
        case .characters:
            self.init(
                422, "format", "a value has characters that its column can't hold",
                detail: error.message)
        case .value:
            self.init(
                422, "format", "a value is none that its column can hold", detail: error.message)
        case .undefined:
            self.init(
                503, "database_changing",
                "the database is being changed, and lacks a table or a field for now: try again",
                retryAfterSeconds: 1, detail: error.message)
        case .deadlock:
            self.init(
                503, "conflict", "two changes waited for each other: try again",
                retryAfterSeconds: 1, detail: error.message)
        case .busy, .timeout:
            self.init(
                503, "busy", "the database is busy: try again", retryAfterSeconds: 1,
                detail: error.message)
        case .outdated:
            self.init(
                503, "conflict", "the tables have just changed: try again",
                retryAfterSeconds: 1, detail: error.message)
        case .connectionLost, .cannotOpen:
            self.init(
                503, "database_unavailable", "the database can't be reached: try again",
                retryAfterSeconds: 5, detail: error.message)
        case .readOnly, .full:
            self.init(
                503, "database_read_only", "the database can't be written now",
                retryAfterSeconds: 30, detail: error.message)
        case .corrupt, .notADatabase, .other:
            self.init(500, "internal", "something went wrong here", detail: error.message)
        }
        self.cause = error.reason
    }

    /// How much of what a trigger says is passed on, in characters.
    private static let longestRaised = 500

    /// Whether it is a value that the database refused, for what it is.
    var isOfValue: Bool {
        self.cause == .value || self.cause == .characters || self.cause == .tooLong
    }

    /// The same where nothing is written: what was asked for is then what makes no sense.
    var ofReading: APIError {
        guard isOfValue else { return self }
        var refusal = APIError(
            400, "invalid_value",
            "a value, an operator or an order is none that the field's type in the database knows",
            detail: self.detail)
        refusal.cause = self.cause
        return refusal
    }

    /// The same where a row is looked for by its key: what can't be a key is the key of nothing.
    var ofKey: APIError {
        guard isOfValue else { return self }
        var missing = APIError.notFound
        missing.detail = self.detail
        return missing
    }
}

/// Does what reads; values that the database refuses are the request's mistake.
func reading<Value>(_ body: () throws(APIError) -> Value) throws(APIError) -> Value {
    do throws(APIError) {
        return try body()
    } catch {
        throw error.ofReading
    }
}

extension Database {
    /// A transaction that a refusal takes back, as an error of the database does.
    func transaction<Value>(
        refusing mode: TransactionMode, _ body: () throws(APIError) -> Value
    ) throws(APIError) -> Value {
        var refusal: APIError?
        do throws(SQLError) {
            return try transaction(mode) { () throws(SQLError) in
                do throws(APIError) {
                    return try body()
                } catch {
                    refusal = error
                    throw SQLError(error.cause ?? .other, error.message)
                }
            }
        } catch {
            throw refusal ?? APIError(error)
        }
    }
}
