/// Why a change is not made now, and until when.
package struct WindowWait: Sendable, Equatable {
    /// One line, for people.
    package var message: String
    /// When it may be made, in seconds since 1970; nil when no such time was found.
    package var until: Int?
    /// Whether `stead sync` of the resource goes ahead all the same.
    package var isManual: Bool
}

/// The maintenance windows of a tree at one moment.
///
/// Deny wins. Where an allow window applies to a resource, its changes are made within one alone.
package struct WindowView: Sendable {
    private let windows: [Settings.Window]
    private let now: Int
    private let areOpen: [Bool]
    /// What was found of the resources that the same windows apply to.
    private var waits: [[Int]: WindowWait?] = [:]
    private var closings: [[Int]: Int?] = [:]

    /// How many openings and closings are looked at before it is said that there is no end.
    private static let horizon = 200

    /// Looks at windows at an instant, in seconds since 1970.
    package init(_ windows: [Settings.Window], at now: Int) {
        self.windows = windows
        self.now = now
        areOpen = windows.map { $0.isOpen(at: now) }
    }

    /// Why the subject's changes have to wait; nil when they may be made.
    package mutating func wait(for subject: WindowSubject) -> WindowWait? {
        guard !windows.isEmpty else { return nil }
        let applying = indices(of: subject)
        if let known = waits[applying] { return known }
        let found = wait(of: applying)
        waits[applying] = .some(found)
        return found
    }

    /// When the subject's changes may be made no more; nil when no such time is near.
    package mutating func closing(for subject: WindowSubject) -> Int? {
        guard !windows.isEmpty else { return nil }
        let applying = indices(of: subject)
        if let known = closings[applying] { return known }
        let found = moment(of: applying) { isClosed($0, at: $1) }
        closings[applying] = .some(found)
        return found
    }

    /// The next moment at which one of the windows may open or close.
    package static func change(of windows: [Settings.Window], after instant: Int) -> Int? {
        windows.compactMap { $0.change(after: instant) }.min()
    }

    private func indices(of subject: WindowSubject) -> [Int] {
        windows.indices.filter { windows[$0].applies(to: subject) }
    }

    private func isClosed(_ applying: [Int], at instant: Int) -> Bool {
        let open = Set(
            instant == now
                ? applying.filter { areOpen[$0] }
                : applying.filter { windows[$0].isOpen(at: instant) })
        let allows = applying.filter { windows[$0].allow != nil }
        return open.contains { windows[$0].deny != nil }
            || !allows.isEmpty && !allows.contains(where: open.contains)
    }

    /// The first moment from now on of which something holds.
    private func moment(of applying: [Int], where holds: ([Int], Int) -> Bool) -> Int? {
        var instant = now
        for _ in 0..<Self.horizon {
            if holds(applying, instant) { return instant }
            let next = applying.compactMap { windows[$0].change(after: instant) }.min()
            guard let next else { return nil }
            instant = next
        }
        return nil
    }

    private func wait(of applying: [Int]) -> WindowWait? {
        guard isClosed(applying, at: now) else { return nil }
        let denying = applying.filter { windows[$0].deny != nil && areOpen[$0] }
        let allowing = applying.filter { windows[$0].allow != nil }
        let isAllowed = allowing.contains { areOpen[$0] }
        let inTheWay = denying + (isAllowed ? [] : allowing)
        let until = moment(of: applying) { !isClosed($0, at: $1) }
        return WindowWait(
            message: message(denying.first ?? allowing.first ?? 0, until: until),
            until: until, isManual: inTheWay.allSatisfy { windows[$0].isManual })
    }

    private func message(_ index: Int, until: Int?) -> String {
        let window = windows[index]
        let schedule = window.schedule?.text ?? ""
        let reason = window.reason.map { " (\($0))" } ?? ""
        let what =
            window.deny != nil
            ? "no changes are made in the window `\(schedule)`\(reason)"
            : "waits for the window `\(schedule)`\(reason)"
        let when = until.map { "\(window.timezone.text($0)) \(window.timezone.name)" }
        return when.map { "\(what); goes ahead on \($0)" }
            ?? "\(what); no time was found at which it could go ahead"
    }
}
