import Resources

/// Tells the loop that a maintenance window has opened or closed.
struct WindowAlarm {
    private var windows: [Settings.Window] = []
    /// Seconds since 1970, by a clock that people set: windows are theirs.
    private var next: Int?
    private var lastLook = 0

    /// The longest that nobody looks at the clock, which may have been set.
    private static let patienceSeconds = 30

    /// Whether a window has opened or closed since the last call.
    mutating func hasRung(for windows: [Settings.Window], at now: Int) -> Bool {
        let isNew = self.windows != windows
        let isDue = next.map { now >= $0 } ?? false
        let isSetBack = now < lastLook
        lastLook = now
        guard isNew || isDue || isSetBack else { return false }
        self.windows = windows
        next = WindowView.change(of: windows, after: now)
        // A new commit is looked at anyway.
        return isDue || isSetBack && !windows.isEmpty
    }

    /// How long to sleep at most; nil without windows.
    func secondsLeft(at now: Int) -> Int? {
        next.map { min(Self.patienceSeconds, max(0, $0 - now)) }
    }
}
