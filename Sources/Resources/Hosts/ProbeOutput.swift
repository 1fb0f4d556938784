package import Diagnostics

/// Everything one round trip to a host brought back.
package struct ProbeOutput: Sendable {
    package var facts: HostFacts
    /// By absolute path.
    package var paths: [String: Sighting]
    /// By user; a missing entry means that the crontab was not looked at.
    package var crontabs: [String: Sighting]
    package var commands: [Look: CommandSighting]
    /// Answers of databases, by their looks.
    package var answers: [Look: [UInt8]] = [:]

    package init(
        facts: HostFacts, paths: [String: Sighting] = [:], crontabs: [String: Sighting] = [:],
        commands: [Look: CommandSighting] = [:]
    ) {
        self.facts = facts
        self.paths = paths
        self.crontabs = crontabs
        self.commands = commands
    }

    /// What `path` is.
    ///
    /// - Throws: `Failure.stalled` when it could not be looked at, or was not.
    package func sighting(of path: String) throws(Failure) -> Sighting {
        switch paths[path] {
        case nil: throw .stalled(.init("the host did not say what \(path) is"))
        case .unreadable(let reason): throw .stalled(.init("cannot look at \(path): \(reason)"))
        case .some(let sighting): return sighting
        }
    }

    /// A user's crontab; `.absent` on a host where jobs live in `/etc/cron.d`.
    package func crontab(of user: String) throws(Failure) -> Sighting {
        switch crontabs[user] {
        case nil: return .absent
        case .unreadable(let reason):
            throw .stalled(.init("cannot look at the crontab of \(user): \(reason)"))
        case .some(let sighting): return sighting
        }
    }

    /// What a database said.
    package func answer(_ look: Look) throws(Failure) -> [UInt8] {
        guard let answer = answers[look] else {
            throw .stalled(.init("the database did not answer a look"))
        }
        return answer
    }

    /// What a command look printed.
    package func command(_ look: Look) throws(Failure) -> CommandSighting {
        guard let sighting = commands[look] else {
            throw .stalled(.init("the host did not answer a look"))
        }
        return sighting
    }
}
