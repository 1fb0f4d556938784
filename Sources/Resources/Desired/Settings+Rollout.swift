extension Settings {
    /// How a commit's changes reach the servers: all at once without this, group by group with it.
    package struct Rollout: Sendable, Equatable {
        /// How many servers of a group are changed side by side.
        package enum Share: Sendable, Equatable {
            case count(Int)
            /// Of the group's servers, rounded down, and at least one.
            case percent(Int)

            /// The number for a group of so many.
            package func number(of count: Int) -> Int {
                switch self {
                case .count(let number): Swift.max(1, number)
                case .percent(let percent): Swift.max(1, count * percent / 100)
                }
            }
        }

        /// What becomes of a group that has failed.
        package enum OnFailure: String, Sendable, Equatable, Codable, CaseIterable {
            /// It stays as it is, for a person to look at.
            case stop
            /// Its changes are undone.
            case revert
        }

        /// Labels of servers, group by group; a server is in the first group whose labels it has.
        /// Those in none are the last group.
        package var groups: [[String: String]] = []
        package var max = Share.percent(100)
        /// How long a batch has to stay healthy before the next one begins.
        package var pauseSeconds = 0
        package var onFailure = OnFailure.stop
        /// How long a group of which no server can be reached holds up the others.
        package var waitSeconds = 300

        package init() {}
    }
}
