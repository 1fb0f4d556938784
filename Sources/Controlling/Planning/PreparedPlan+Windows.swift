package import Planning
package import Resources

/// What the maintenance windows say of a plan's changes at a moment.
package struct WindowTiming: Sendable {
    /// Changes that have to wait, and what for.
    package var waiting: [(change: PlannedChange, wait: WindowWait)] = []
    /// From when on the others may be begun no more, in seconds since 1970.
    package var closings: [Address: Int] = [:]
}

extension PreparedPlan {
    /// Holds changes against the windows at an instant, in seconds since 1970.
    package func timing(of changes: [PlannedChange], at now: Int) -> WindowTiming {
        var view = WindowView(desired.settings.windows, at: now)
        let labels = Dictionary(
            desired.resources.map { ($0.address, $0.labels) },
            uniquingKeysWith: { first, _ in first })
        var timing = WindowTiming()
        for change in changes {
            let subject = WindowSubject(
                kind: change.kind, server: change.server, labels: labels[change.address])
            if let wait = view.wait(for: subject) {
                timing.waiting.append((change, wait))
            } else {
                timing.closings[change.address] = view.closing(for: subject)
            }
        }
        return timing
    }
}
