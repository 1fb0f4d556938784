import Control
import Controlling
import Diagnostics
import Resources
import Storage

/// Tells the controller of a push that was taken, and shows what comes of it until there is a
/// first result.
struct PostReceive {
    let repository: String
    let branch: String
    /// The state folder.
    let state: String
    let socket: String
    /// How long the run is shown at most; it goes on without being shown.
    let seconds: Int
    let console: Console

    private var client: ControlClient { ControlClient(socket: socket) }

    /// How a run stands.
    private enum Standing: Equatable {
        case goesOn
        /// Nothing is being worked on, and not all is as it should be.
        case rests
        case isOver
    }

    func follow(_ commit: String) async throws {
        guard let start = try await begin() else {
            console.warn("nothing is applied: no controller runs on \(state)")
            console.message(
                "  fix: stead controller --repo \(repository) --ref \(branch) --state \(state)")
            return
        }
        _ = try await client.post("sync", SyncRequest(subjects: []), as: SyncRequest.self)
        console.message("the controller takes \(commit.prefix(10)); ^C stops this display alone")
        var last = start.last
        var restful = 0
        for round in 0..<(seconds * 4) {
            guard let page = try await client.get("events?after=\(last)", as: EventPage.self),
                let status = try await client.get("status", as: ControllerStatus.self)
            else { throw Failure.transient(.init("the controller went away")) }
            last = page.last
            for event in page.events { show(event) }
            switch standing(of: commit, status) {
            case .isOver: return console.message("applied: \(commit.prefix(10))")
            case .rests: restful += 1
            case .goesOn: restful = 0
            }
            // Between two rounds there is a moment in which nothing is busy.
            if restful > 4 { return conclude(commit, status) }
            if status.controller.head != commit, round > 120 { return disclaim(status) }
            try await Task.sleep(for: .milliseconds(250))
        }
        console.message("the run goes on; `stead status` shows how far it is")
    }

    /// Where the events stand; nil when no controller runs. One that is only starting is waited
    /// for.
    private func begin() async throws -> EventPage? {
        for _ in 0..<12 {
            if let page = try await client.get("events", as: EventPage.self) { return page }
            try await Task.sleep(for: .milliseconds(250))
        }
        return nil
    }

    private func standing(of commit: String, _ status: ControllerStatus) -> Standing {
        let controller = status.controller
        if controller.lastGood == commit, controller.target?.id == commit { return .isOver }
        return controller.head == commit && controller.busy.isEmpty ? .rests : .goesOn
    }

    private func show(_ event: ControlEvent) {
        let words = event.message.map { ": \($0)" } ?? ""
        let place = event.server.map { "\($0): " } ?? ""
        let line: String
        switch event.sort {
        case "accepted", "applied", "refused": return
        case "change": line = "\(place)\(event.subject) is done"
        case "failure": line = "\(place)\(event.subject) failed\(words)"
        case "host": line = "\(event.subject)\(words)"
        default: line = "\(event.sort) \(event.subject)\(words)"
        }
        console.message(Terminal.sanitized(line))
    }

    /// Says what keeps a commit from being reached, for now or for good.
    private func conclude(_ commit: String, _ status: ControllerStatus) {
        let controller = status.controller
        let isTaken = controller.target?.id == commit
        console.warn(
            isTaken
                ? "not applied everywhere: \(controller.reached) of \(controller.servers) places "
                    + "have reached \(commit.prefix(10))"
                : "\(commit.prefix(10)) is refused; what was in force stays so")
        let found = status.conditions.filter { isTaken == ($0.subject != "source") }
        for condition in found.prefix(20) {
            let line = "\(condition.state.rawValue) \(condition.subject): \(condition.message)"
            console.message("  \(Terminal.sanitized(line))")
            if let fix = condition.fix { console.message("    fix: \(Terminal.sanitized(fix))") }
        }
        if found.count > 20 { console.message("  and \(found.count - 20) more") }
        for suspension in status.suspensions where isTaken {
            let line = "suspended \(suspension.subject): \(suspension.reason)"
            console.message("  \(Terminal.sanitized(line))")
        }
        if isTaken { console.message("the controller goes on with it; see `stead status`") }
    }

    private func disclaim(_ status: ControllerStatus) {
        let controller = status.controller
        console.warn(
            "the controller follows \(controller.branch) of \(controller.source), and has not "
                + "seen this push there")
    }
}
