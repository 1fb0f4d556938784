/// How far a commit has come that is rolled out group by group.
package struct RolloutRecord: Sendable, Equatable, Codable {
    /// How it stands.
    package enum State: String, Sendable, Codable {
        case rolling
        /// A group failed: no other gets the commit.
        case stopped
        /// The same, and the group's changes are being undone.
        case reverting
        /// The same, and they are undone.
        case reverted
    }

    /// The commit.
    package var revision: String
    package var state: State
    /// How many batches have had their turn.
    package var batches: Int
    /// Of how many.
    package var batchCount: Int
    /// The group that has its turn: `group 1 of 3 (tier=canary)`.
    package var group: String
    /// What it waits for, or why it was stopped.
    package var message: String?
    /// The places whose changes are undone.
    package var undoing: [String] = []
    /// Those of them that are as before, once it is known of all.
    package var undone: [String]?
    /// Since when it stands so, in seconds since 1970.
    package var since: Int
    /// The end of the pause before the next batch, in seconds since 1970.
    package var pausedUntil: Int?

    package init(revision: String, group: String, batchCount: Int, since: Int) {
        self.revision = revision
        state = .rolling
        batches = 0
        self.batchCount = batchCount
        self.group = group
        self.since = since
    }

    /// One line for people: `group 1 of 3 (tier=canary): waiting for h1`.
    package var line: String {
        let why = message.map { ": \($0)" } ?? ""
        switch state {
        case .rolling: return "\(group)\(why)"
        case .stopped: return "stopped at \(group)\(why)"
        case .reverting: return "stopped at \(group)\(why); its changes are being undone"
        case .reverted: return "stopped at \(group)\(why)" + undoneWords
        }
    }

    /// `; undone on h1; not undone on h2, see what is said of it`.
    private var undoneWords: String {
        let done = undone ?? []
        let left = undoing.filter { !done.contains($0) }
        return (done.isEmpty ? "" : "; undone on \(Self.list(done))")
            + (left.isEmpty ? "" : "; not undone on \(Self.list(left)), see what is said of it")
    }

    /// A few names, and how many more there are.
    package static func list(_ places: some Collection<String>) -> String {
        let names = places.sorted()
        let more = names.count > 4 ? " and \(names.count - 4) more" : ""
        return names.prefix(4).joined(separator: ", ") + more
    }
}

/// The version in force on a place.
package struct PlaceVersion: Sendable, Equatable {
    /// The commit; nil where none ever was.
    package var revision: String?
    /// The one before, once its turn has come.
    package var former: String?

    package init(revision: String?, former: String? = nil) {
        self.revision = revision
        self.former = former
    }
}

/// What is written down of rollouts at once.
package struct RolloutChange: Sendable {
    /// Nil when there is no rollout any more.
    package var record: RolloutRecord?
    /// Every place of it; nil where they stay as they are.
    package var places: [String: PlaceVersion]?

    package init(_ record: RolloutRecord?, places: [String: PlaceVersion]? = nil) {
        self.record = record
        self.places = places
    }
}
