import Diagnostics
import FoundationEssentials
import Glibc
import Resources
import SQL
import Schemas
import Storage

/// Answers the questions and does the work of apps' kinds: in their databases, and in the state.
struct DatabaseDesk: Sendable {
    private let store: StateStore
    private let connector: DatabaseConnector
    private let keys: KeyFolder

    init(store: StateStore) {
        self.store = store
        connector = DatabaseConnector(
            stateFolder: store.folder, environment: ProcessInfo.processInfo.environment)
        keys = KeyFolder(stateFolder: store.folder)
    }

    /// What was answered to the database looks among `looks`.
    func observe(_ looks: [Look]) async -> Result<ProbeOutput, Failure> {
        var output = ProbeOutput(facts: HostFacts())
        do throws(Failure) {
            for look in looks {
                guard case .database(let question) = look, output.answers[look] == nil else {
                    continue
                }
                output.answers[look] = try await answer(question)
            }
            return .success(output)
        } catch {
            return .failure(error)
        }
    }

    private func answer(_ question: [UInt8]) async throws(Failure) -> [UInt8] {
        switch try Self.decode(DatabaseQuestion.self, question) {
        case .schema(_, let address, let schema):
            let survey = SchemaSurvey(connector)
            let sighting = try await Blocking.run("database") { () throws(Failure) in
                try survey.look(at: address, for: schema, now: Int(Date().timeIntervalSince1970))
            }.get()
            return try Self.encode(sighting)
        case .app(let release):
            let name = release.app.name
            let published = try await store.release(of: name)?.body
            var sighting = AppSighting(release: published, hasKeys: keys.exist(of: name))
            // A change of the tables comes first: the database can't know of it yet.
            if let former = published.flatMap({ try? Release(decoding: Array($0.utf8)) }),
                former != release, ReleaseCheck.hasSameColumns(former, release)
            {
                sighting.complaints = try await complaints(about: release)
            }
            return try Self.encode(sighting)
        }
    }

    /// Does one piece of work.
    ///
    /// - Throws: what the database, or the system, refused; `stalled` when the lease is lost.
    func perform(_ work: [UInt8]) async throws(Failure) {
        try await store.checkFence()
        switch try Self.decode(DatabaseWork.self, work) {
        case .create(let address):
            try await Blocking.run("database") { () throws(Failure) in
                do throws(DatabaseConnector.Refusal) {
                    try connector.create(address)
                } catch {
                    throw error.failure(address)
                }
            }.get()
        case .migrate(let address, let group):
            try await Blocking.run("database") { () throws(Failure) in
                try migrate(address, group)
            }.get()
        case .makeKeys(let app): try keys.make(for: app)
        case .publish(let app, let release):
            try await check(release)
            try await store.publish(release, of: app)
        case .withdraw(let app): try await store.withdraw(releaseOf: app)
        }
    }

    /// What the database says of a release before it is published; nil where it is away, or where
    /// its tables are not as they were left, which others tell.
    private func complaints(about release: Release) async throws(Failure) -> [String]? {
        try await Blocking.run("database") { () throws(Failure) -> [String]? in
            let check = ReleaseCheck(release)
            guard let database = try? connector.serving(release.app.database),
                (try? check.hasTables(database)) == true,
                let complaints = try? check.complaints(of: database)
            else { return nil }
            return complaints.isEmpty ? nil : complaints
        }.get()
    }

    /// Refuses a release that would only fail once it is asked.
    private func check(_ text: String) async throws(Failure) {
        guard let release = try? Release(decoding: Array(text.utf8)) else {
            throw .stalled(.init("the release can't be read"))
        }
        let complaints = try await Blocking.run("database") { () throws(Failure) in
            let address = release.app.database
            let database: any Database
            do throws(DatabaseConnector.Refusal) {
                database = try connector.serving(address)
            } catch {
                throw error.failure(address)
            }
            do throws(SQLError) {
                return try ReleaseCheck(release).complaints(of: database)
            } catch {
                throw .transient(.init("cannot use \(address): \(error.message)"))
            }
        }.get()
        guard complaints.isEmpty else { throw ReleaseCheck.refusal(complaints) }
    }

    private func migrate(_ address: DatabaseAddress, _ group: MigrationGroup) throws(Failure) {
        let database: any Database
        do throws(DatabaseConnector.Refusal) {
            database = try connector.connect(address)
        } catch {
            throw error.failure(address)
        }
        do throws(SQLError) {
            try group.run(on: database, address.engine)
        } catch {
            // The step has the title of the group.
            throw .stalled(.init(error.message))
        }
    }

    private static func decode<Message: Decodable>(
        _ type: Message.Type, _ bytes: [UInt8]
    ) throws(Failure) -> Message {
        do {
            return try DatabaseMessage.decode(type, from: bytes)
        } catch {
            throw .stalled(.init("a database message makes no sense: \(error)"))
        }
    }

    private static func encode(_ message: some Encodable) throws(Failure) -> [UInt8] {
        do {
            return try DatabaseMessage.encode(message)
        } catch {
            throw .stalled(.init("an answer can't be written down: \(error)"))
        }
    }
}

extension DatabaseConnector.Refusal {
    /// For a person.
    fileprivate func failure(_ address: DatabaseAddress) -> Failure {
        switch self {
        case .failed(let failure): failure
        case .noDatabase: .stalled(.init("there is no database \(address)"))
        }
    }
}
