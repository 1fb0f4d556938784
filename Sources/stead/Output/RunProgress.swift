import Controlling
import Diagnostics
import Synchronization

/// How far a look or a run has come: on a terminal a line a host, redrawn in place; elsewhere a
/// line an event.
final class RunProgress: Sendable {
    private struct HostLine {
        var text: String
        var isDone = false
    }

    private struct State {
        var lines: [String: HostLine] = [:]
        var order: [String] = []
        /// How many lines of the display are on the screen.
        var drawn = 0
    }

    private let console: Console
    private let state = Mutex(State())

    init(console: Console) {
        self.console = console
    }

    /// Takes an event, from any task.
    func take(_ event: RunEvent) {
        guard let (server, text, isDone) = Self.words(for: event) else { return }
        guard console.isInteractive else {
            if Self.isWorthALine(event) { console.message("\(server): \(text)") }
            return
        }
        state.withLock { state in
            if state.lines[server] == nil { state.order.append(server) }
            state.lines[server] = HostLine(text: text, isDone: isDone)
            redraw(&state)
        }
    }

    /// Removes the display, so that results start on a clean line.
    func finish() {
        guard console.isInteractive else { return }
        state.withLock { state in
            if state.drawn > 0 { console.progress("\u{1B}[\(state.drawn)A\u{1B}[J") }
            state = State()
        }
    }

    /// At most a screen's worth of lines, those still at work first.
    private func redraw(_ state: inout State) {
        let working = state.order.filter { state.lines[$0]?.isDone == false }
        let done = state.order.filter { state.lines[$0]?.isDone == true }
        let shown = (working + done.suffix(20)).prefix(20)
        let width = shown.map(\.count).max() ?? 0
        var text = state.drawn > 0 ? "\u{1B}[\(state.drawn)A\u{1B}[J" : ""
        for server in shown {
            guard let line = state.lines[server] else { continue }
            let padding = String(repeating: " ", count: width - server.count)
            let mark = line.isDone ? " " : "›"
            text += "\(mark) \(server)\(padding)  \(line.text.prefix(100))\n"
        }
        state.drawn = shown.count
        console.progress(text)
    }

    private static func words(for event: RunEvent) -> (server: String, text: String, isDone: Bool)?
    {
        switch event {
        case .hostObserved(let server, let failure):
            (server, failure.map { "unknown: \($0.report.message)" } ?? "looked at", true)
        case .hostStarted(let server, let changes):
            (server, changes.counted("change"), false)
        case .stepStarted(let server, let address, let step):
            (server, "\(address)  \(step)", false)
        case .stepRan: nil
        case .stepFinished(let server, let address, let step, let isSuccess):
            (server, "\(address)  \(step)  \(isSuccess ? "done" : "failed")", false)
        case .transactionTested(let server, let transaction, let isSuccess):
            (server, "\(transaction)  \(isSuccess ? "accepted" : "refused")", false)
        case .transactionUndone(let server, let transaction, let reason):
            (server, "\(transaction)  taken back: \(reason)", false)
        case .guardArmed(let server, let seconds):
            (server, "guarded: undone by the host unless confirmed within \(seconds)s", false)
        case .guardConfirmed(let server): (server, "confirmed by a new connection", false)
        case .guardUndone(let server, let reason):
            (server, "guarded changes undone: \(reason)", false)
        case .outcome(let server, let address, let outcome):
            (server, "\(address)  \(outcome.message ?? "verified")", false)
        case .hostFinished(let server, let applied, let failed):
            (server, "\(applied) done\(failed > 0 ? ", \(failed) failed" : "")", true)
        case .rolloutTurn(let group, let places): ("rollout", Self.turn(group, places), true)
        case .recorded, .settled: nil
        }
    }

    private static func turn(_ group: String, _ places: [String]) -> String {
        let more = places.count > 4 ? " and \(places.count - 4) more" : ""
        return "\(group): \(places.prefix(4).joined(separator: ", "))\(more)"
    }

    /// Off a terminal, a look that succeeded and a step that began say nothing new.
    private static func isWorthALine(_ event: RunEvent) -> Bool {
        switch event {
        case .hostObserved(_, let failure): failure != nil
        case .stepStarted, .stepRan, .recorded, .settled: false
        case .hostStarted, .stepFinished, .transactionTested, .transactionUndone,
            .guardArmed, .guardConfirmed, .guardUndone, .rolloutTurn, .outcome, .hostFinished:
            true
        }
    }
}
