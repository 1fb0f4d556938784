import Identity
import SQL
import Schemas

/// A person who may sign in, as the database has it.
struct Person: Sendable {
    var row: RowWriting.Written
    var subject: String
    var passwordHash: String
    var role: String?

    /// What the person's sign-ins are tied to.
    var mark: String { PersonMark.text(subject: subject, passwordHash: passwordHash) }
}

/// Finds a person by login or by key.
struct FindPerson: DatabaseTask {
    let app: ServedApp
    let auth: SignIn
    /// By the login; otherwise by the key.
    let login: String?
    let subject: String?
    /// Whether nobody may change or delete the row until the transaction ends.
    var isLocked = false

    func run<D: Database>(on database: D) throws(APIError) -> Person? {
        guard let table = app.people, let key = table.key.first else { return nil }
        let column = login == nil ? key : table.column(auth.login)
        guard let column, let text = login ?? subject else { return nil }
        let reading = ValueReading(engine: app.engine)
        // What could not stand in the column is nobody's.
        guard let value = try? reading.value(text, for: column.type) else { return nil }
        var conditions = [SQLFragment("\(column.quoted) = \(column.comparand)", [value])]
        if let deletedAt = table.deletedAt {
            conditions.append(SQLFragment("\(deletedAt.quoted) IS NULL"))
        }
        let select = SelectText(dialect: Dialect(app.engine), table: table)
        var statement = select.select(where: .all(conditions))
        if isLocked, app.engine != .sqlite { statement.sql += " FOR UPDATE" }
        var person: Person?
        let writing = RowWriting(app, .anonymous, now: 0)
        let (password, role) = (table.column(auth.password), auth.role.flatMap(table.column))
        do throws(APIError) {
            try database.rows(statement) { row in
                person = Person(
                    row: writing.written(row, of: table, isNew: false),
                    subject: row.value(key.index).pathText,
                    passwordHash: password.flatMap { row.text($0.index) } ?? "",
                    role: role.flatMap { row.text($0.index) })
            }
        } catch {
            // Nor is what the column can't even be compared with.
            guard error.isOfValue, !isLocked else { throw error }
        }
        return person
    }
}

/// What follows a proof of who one is: a sign-in is written down. Gives the person as they are
/// now; nil when it is no longer the one who was proven.
struct BeginSession: DatabaseTask {
    let app: ServedApp
    let record: RefreshRecord
    let person: Person
    let auth: SignIn
    /// A better hash of the password, where the old one is of a lower cost.
    let newHash: String?

    func run<D: Database>(on database: D) throws(APIError) -> Person? {
        // First the person's row: who deletes it, or changes it, ends this sign-in after that.
        let found = try FindPerson(
            app: app, auth: auth, login: nil, subject: person.subject, isLocked: true
        ).run(on: database)
        guard var found, found.passwordHash == person.passwordHash else { return nil }
        let sessions = SessionStorage(app.engine)
        let now = record.expiresAt - auth.refreshTTLSeconds
        try sessions.forget(lastEnd: now - TokenDesk.endSeconds(auth), on: database)
        if let newHash {
            guard try SetPassword.set(newHash, of: found, app, auth, on: database) else {
                return nil
            }
            let old = found.mark
            found.passwordHash = newHash
            try sessions.renew(found.mark, of: found.subject, from: old, on: database)
        }
        try sessions.insert(record, subject: found.subject, mark: found.mark, on: database)
        return found
    }
}

/// Sets a person's password, and ends all other sign-ins. Gives those that ended; nil when it is no
/// longer the person whose password was proven.
struct SetPassword: DatabaseTask {
    let app: ServedApp
    let auth: SignIn
    let person: Person
    let hash: String
    /// The sign-in that goes on.
    let session: String?
    let now: Int

    func run<D: Database>(on database: D) throws(APIError) -> [String]? {
        guard try Self.set(hash, of: person, app, auth, on: database) else { return nil }
        let sessions = SessionStorage(app.engine)
        let ended = try sessions.revokeOthers(
            of: person.subject, but: session, now: now, on: database)
        let mark = PersonMark.text(subject: person.subject, passwordHash: hash)
        try sessions.renew(mark, of: person.subject, from: person.mark, on: database)
        return ended
    }

    /// Puts a hash in the place of the one that the person has; false when that has changed.
    static func set<D: Database>(
        _ hash: String, of person: Person, _ app: ServedApp, _ auth: SignIn, on database: D
    ) throws(APIError) -> Bool {
        guard let table = app.people, let key = table.key.first,
            let password = table.column(auth.password)
        else { return false }
        return try database.change(
            SQLFragment(
                "UPDATE \(table.quoted) SET \(password.quoted) = ? "
                    + "WHERE \(key.quoted) = ? AND \(password.quoted) = ?",
                [.text(hash), person.row.key[0], .text(person.passwordHash)])) == 1
    }
}

/// Makes a person.
struct RegisterPerson: DatabaseTask {
    let app: ServedApp
    let auth: SignIn
    let draft: RowDraft
    var passwordHash: String
    let now: Int

    private var writing: RowWriting {
        let caller = Caller(subject: nil, role: auth.registeredRole ?? "default")
        return RowWriting(app, caller, now: now)
    }

    /// What fills the row; the password is complete only here, as it is no column that anybody may
    /// set.
    private func filling(_ table: ServedTable) -> RowFilling {
        let given = table.column(auth.password).map { [$0.index] } ?? []
        let rules = RowRules(app, table, writing.caller)
        return RowFilling(writing, table, rules, given: Set(given))
    }

    /// Everything that is wrong with the row, but for the password, before the database is asked.
    func problems() throws(APIError) -> [APIError.FieldProblem] {
        guard let table = app.people else { return [] }
        return try filling(table).problems(ofNew: draft)
    }

    func run<D: Database>(on database: D) throws(APIError) -> Person? {
        guard let table = app.people, let password = table.column(auth.password) else {
            return nil
        }
        var draft = draft
        draft.values.removeAll { $0.column.index == password.index }
        var filled = try filling(table).creation(draft)
        filled.append((password, .text(passwordHash)))
        if let role = auth.role.flatMap(table.column), let name = auth.registeredRole {
            filled.removeAll { $0.column.index == role.index }
            filled.append((role, .text(name)))
        }
        let row = try writing.insert(filled, into: table, on: database)
        return Person(
            row: row, subject: row.key[0].pathText,
            passwordHash: row.values[password.index].pathText,
            role: auth.role.flatMap(table.column).map { row.values[$0.index].pathText })
    }
}

/// Exchanges a refresh token for the next one.
struct RefreshSession: DatabaseTask {
    let app: ServedApp
    let auth: SignIn
    let tokens: RefreshTokens
    let presented: String
    let now: Int

    /// What came of it.
    enum Output: Sendable {
        case next(token: String, family: String, Person)
        case refused
        /// The sign-in has ended: a token was used twice, so that whoever holds the family is no
        /// longer trusted, or it was another person's.
        case ended(family: String)
    }

    func run<D: Database>(on database: D) throws(APIError) -> Output {
        let sessions = SessionStorage(app.engine)
        guard let digest = RefreshTokens.digest(of: presented),
            let found = try sessions.record(digest, on: database)
        else { return .refused }
        switch tokens.judge(presented: presented, record: found.record, now: now) {
        case .expired, .unknown: return .refused
        case .reuseDetected:
            return try end(found.record.family, in: sessions, on: database)
        case .rotate: break
        }
        // First the person's row: who deletes it, or changes it, ends this sign-in after that.
        let person = try FindPerson(
            app: app, auth: auth, login: nil, subject: found.subject, isLocked: true
        ).run(on: database)
        guard let person, person.mark == found.mark,
            try sessions.rotate(digest, now: now, on: database)
        else { return try end(found.record.family, in: sessions, on: database) }
        let next = tokens.next(after: found.record, now: now)
        try sessions.insert(
            next.record, subject: found.subject, mark: person.mark, on: database)
        return .next(token: next.token, family: found.record.family, person)
    }

    private func end<D: Database>(
        _ family: String, in sessions: SessionStorage, on database: D
    ) throws(APIError) -> Output {
        try sessions.revoke(family: family, now: now, on: database)
        return .ended(family: family)
    }
}

/// Ends a sign-in.
struct EndSession: DatabaseTask {
    let app: ServedApp
    let family: String
    let now: Int

    func run<D: Database>(on database: D) throws(APIError) -> Bool {
        try SessionStorage(app.engine).revoke(family: family, now: now, on: database)
        return true
    }
}

/// Makes the tables of sign-ins.
struct PrepareSessions: DatabaseTask {
    let app: ServedApp

    func run<D: Database>(on database: D) throws(APIError) -> Bool {
        try SessionStorage(app.engine).prepare(on: database)
        return true
    }
}
