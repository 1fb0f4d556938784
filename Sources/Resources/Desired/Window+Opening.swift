import Expressions

/// A resource, as far as windows ask for it.
package struct WindowSubject: Sendable {
    package var kind: KindName
    package var server: String
    /// Nil where nobody knows them any more: windows with labels then hold for it too.
    package var labels: [String: String]?

    package init(kind: KindName, server: String, labels: [String: String]?) {
        self.kind = kind
        self.server = server
        self.labels = labels
    }
}

extension Settings.Window {
    /// The schedule, whichever it is.
    package var schedule: CronSchedule? { allow ?? deny }

    func applies(to subject: WindowSubject) -> Bool {
        (kinds.isEmpty || kinds.contains(subject.kind.rawValue))
            && isAbout(server: subject.server)
            && (subject.labels.map { known in labels.allSatisfy { known[$0] == $1 } } ?? true)
    }

    /// Whether it is about a server of a name.
    package func isAbout(server: String) -> Bool {
        servers.isEmpty || servers.contains { Glob($0).matches(server) }
    }

    /// It opens anew each minute before it has closed: a freeze.
    private var isEndless: Bool {
        guard let schedule else { return false }
        let fields = [
            schedule.minutes, schedule.hours, schedule.days, schedule.months, schedule.weekdays,
        ]
        return fields.allSatisfy(\.isFull) && durationSeconds >= 60
    }

    func isOpen(at instant: Int) -> Bool {
        guard let schedule else { return false }
        if isEndless { return true }
        return schedule.next(after: instant - durationSeconds, in: timezone)
            .map { $0 <= instant } ?? false
    }

    /// When it opens next; it may be open now.
    func opening(after instant: Int) -> Int? { schedule?.next(after: instant, in: timezone) }

    /// When it closes, if it is open and does not open anew meanwhile.
    func closing(at instant: Int) -> Int {
        guard let schedule else { return instant }
        // The last start: the greatest moment after which one has come by now.
        var (low, high) = (instant - durationSeconds, instant)
        while high - low > 1 {
            let middle = (low + high) / 2
            let start = schedule.next(after: middle, in: timezone)
            if let start, start <= instant { low = middle } else { high = middle }
        }
        return low + 1 + durationSeconds
    }

    /// The next moment at which it may open or close.
    func change(after instant: Int) -> Int? {
        if isEndless { return nil }
        return isOpen(at: instant) ? closing(at: instant) : opening(after: instant)
    }
}
