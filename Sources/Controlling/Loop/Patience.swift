/// How long a round waits for hosts before it goes on without them.
///
/// Those that are known to lag are not waited for at all. Of the others, once four in five have
/// answered, the rest get as long again, and half a second.
struct Patience {
    private static let longest = Duration.seconds(2)

    private let start: ContinuousClock.Instant
    private let count: Int
    private var waitedFor: Set<String>
    private var end: ContinuousClock.Instant

    init(for servers: Set<String>, from start: ContinuousClock.Instant) {
        self.start = start
        count = servers.count
        waitedFor = servers
        end = start + Self.longest
    }

    mutating func answered(_ server: String, at instant: ContinuousClock.Instant) {
        guard waitedFor.remove(server) != nil, waitedFor.count * 5 <= count else { return }
        end = min(end, instant + (instant - start) + .milliseconds(500))
    }

    func isOver(at instant: ContinuousClock.Instant) -> Bool {
        waitedFor.isEmpty || instant >= end
    }
}
