package import Controlling
import Diagnostics
import Resources
import Synchronization

/// One thing that happened in the controller, or in a run of it.
package struct ControlEvent: Codable, Sendable {
    /// Its place among all since the controller's start, from 1.
    package var number: Int
    /// An occurrence's sort; of a run `host`, `change` or `failure`.
    package var sort: String
    /// An address, a commit, a server, or `source`.
    package var subject: String
    package var server: String?
    /// One line, redacted.
    package var message: String?
    /// The commit it was about, of occurrences.
    package var revision: String?
}

/// What `GET /v1/events?after=NUMBER` answers.
package struct EventPage: Codable, Sendable {
    /// Those after the number, oldest first; the oldest of them may be forgotten.
    package var events: [ControlEvent]
    /// The number to ask after next.
    package var last: Int
}

/// The latest events of a controller, for whoever asks for what came after the last they know.
///
/// Asked for again and again, and never waited for: a question that stays open would keep a
/// controller from ending.
package final class EventFeed: Sendable {
    private struct State {
        var events: [ControlEvent] = []
        var last = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: how many are kept.
    package init(limit: Int = 1000) {
        self.limit = limit
    }

    /// Takes what people are told.
    package func add(_ occurrence: Occurrence) {
        add(
            ControlEvent(
                number: 0, sort: occurrence.sort.rawValue, subject: occurrence.subject,
                message: occurrence.message, revision: occurrence.revision))
    }

    /// Takes of a run what is worth a line.
    package func add(_ event: RunEvent) {
        switch event {
        case .hostStarted(let server, let changes):
            let words = changes.counted("change")
            add(ControlEvent(number: 0, sort: "host", subject: server, message: words))
        case .outcome(let server, let address, let outcome):
            add(
                ControlEvent(
                    number: 0, sort: outcome.isSuccess ? "change" : "failure",
                    subject: address.description, server: server,
                    message: outcome.message.map(Redactor.redactedMessage)))
        default: return
        }
    }

    private func add(_ event: ControlEvent) {
        state.withLock { state in
            state.last += 1
            var event = event
            event.number = state.last
            state.events.append(event)
            if state.events.count > limit { state.events.removeFirst(state.events.count - limit) }
        }
    }

    /// What came after an event; with nil nothing but where to go on.
    func page(after number: Int?) -> EventPage {
        state.withLock { state in
            // A number that is not reached yet is of an earlier controller.
            let known = number.map { $0 > state.last ? 0 : $0 } ?? state.last
            return EventPage(
                events: state.events.filter { $0.number > known }, last: state.last)
        }
    }
}
