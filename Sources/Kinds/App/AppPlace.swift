import Diagnostics
import Resources
import Schemas

/// Where the parts of an app are worked on, and how they speak with the engine.
enum AppPlace {
    /// What stands in a plan where other resources have their server.
    static func name(of app: String) -> String { "database:\(app)" }

    /// The app of a document; nil when its database makes no sense, which is then reported.
    static func definition(
        of document: Document<AppSpec>, reporting findings: inout [Diagnostic]
    ) -> AppDefinition? {
        let spec = document.spec
        let count = findings.count
        let address = spec.database.address
        func report(_ field: String, _ summary: String, _ fix: String) {
            findings.append(
                document.origin.diagnostic(.fieldConflict, at: field, summary, fix: fix))
        }
        if address.engine == .sqlite {
            if address.path == nil {
                report("database", "an SQLite database needs a `path`", "add `path: prokov.db`")
            }
            if address.path?.split(separator: "/").contains("..") == true {
                report("database.path", "must not lead out of its folder", "leave `..` out")
            }
            for (field, isSet) in [
                ("host", address.host != nil), ("user", address.user != nil),
                ("name", address.name != nil), ("socket", address.socket != nil),
            ] where isSet {
                report("database.\(field)", "SQLite has no `\(field)`", "remove it")
            }
        } else {
            if address.name == nil {
                report("database", "a database on a server needs a `name`", "add `name: prokov`")
            }
            if address.path != nil {
                report("database.path", "only SQLite has a `path`", "name it with `name`")
            }
            if address.socket != nil, address.host != nil {
                report("database.socket", "`socket` and `host` exclude each other", "remove one")
            }
        }
        guard findings.count == count else { return nil }
        var app = AppDefinition(name: document.address.name, database: address)
        app.hosts = spec.hosts
        app.basePath = spec.basePath
        app.auth = spec.auth
        app.origins = spec.origins
        app.limits = spec.limits
        return app
    }

    /// A look that asks a question.
    static func look(_ question: DatabaseQuestion) -> Look {
        // The question's types can always be encoded.
        .database(question: (try? DatabaseMessage.encode(question)) ?? [])
    }

    /// What was answered.
    ///
    /// - Throws: `stalled` when nothing was, or nothing that this version can read.
    static func answer<Answer: Decodable>(_ look: Look, in output: ProbeOutput) throws(Failure)
        -> Answer
    {
        let bytes = try output.answer(look)
        do {
            return try DatabaseMessage.decode(Answer.self, from: bytes)
        } catch {
            throw .stalled(.init("what the database said makes no sense: \(error)"))
        }
    }

    static func step(_ title: String, _ work: DatabaseWork) -> Step {
        Step(id: title, databaseWork: (try? DatabaseMessage.encode(work)) ?? [])
    }
}
