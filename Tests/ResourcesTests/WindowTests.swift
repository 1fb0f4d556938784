import Foundation
import TestSupport
import Testing

@testable import Resources

@Suite struct WindowTests {
    /// Monday, the 2nd of November 2026, midnight.
    private static let monday = 1_793_577_600
    private static let hour = 3600

    private static func window(
        allow: String? = nil, deny: String? = nil, hours: Int,
        _ change: (inout Settings.Window) -> Void = { _ in }
    ) throws -> Settings.Window {
        var window = Settings.Window()
        window.allow = try allow.map { try CronSchedule($0) }
        window.deny = try deny.map { try CronSchedule($0) }
        window.durationSeconds = hours * hour
        change(&window)
        return window
    }

    private static func subject(
        _ kind: KindName = "File", on server: String = "web-1",
        labels: [String: String]? = ["tier": "production"]
    ) -> WindowSubject {
        WindowSubject(kind: kind, server: server, labels: labels)
    }

    /// Windows at a moment, asked anew each time.
    private struct Moment {
        private let view: WindowView

        init(_ windows: [Settings.Window], at instant: Int) {
            view = WindowView(windows, at: instant)
        }

        func wait(for subject: WindowSubject) -> WindowWait? {
            var view = view
            return view.wait(for: subject)
        }

        func closing(for subject: WindowSubject) -> Int? {
            var view = view
            return view.closing(for: subject)
        }
    }

    @Test("without windows, and without one that applies, nothing waits")
    func none() throws {
        var view = Moment([], at: 0)
        #expect(view.wait(for: Self.subject()) == nil && view.closing(for: Self.subject()) == nil)
        let lab = try Self.window(allow: "0 2 * * sat", hours: 4) { $0.labels = ["tier": "lab"] }
        let other = try Self.window(deny: "* * * * *", hours: 4) { $0.servers = ["db-*"] }
        let kinds = try Self.window(deny: "* * * * *", hours: 4) { $0.kinds = ["NginxSite"] }
        view = Moment([lab, other, kinds], at: Self.monday)
        #expect(view.wait(for: Self.subject()) == nil)
        #expect(view.wait(for: Self.subject("NginxSite")) != nil)
        #expect(view.wait(for: Self.subject(on: "db-7")) != nil)
        #expect(view.wait(for: Self.subject(labels: ["tier": "lab"])) != nil)
        // Of what has left git nobody knows the labels: rather too careful.
        #expect(view.wait(for: Self.subject(labels: nil)) != nil)
    }

    @Test("where something is allowed at times, changes wait for one of them, until it closes")
    func allowed() throws {
        let night = try Self.window(allow: "0 2 * * *", hours: 2) { $0.reason = "at night" }
        let noon = try Self.window(allow: "0 12 * * mon", hours: 1)
        var view = Moment([night, noon], at: Self.monday + 5 * Self.hour)
        let wait = try #require(view.wait(for: Self.subject()))
        #expect(wait.until == Self.monday + 12 * Self.hour)
        #expect(
            wait.message
                == "waits for the window `0 2 * * *` (at night); goes ahead on "
                + "Mon 2026-11-02 12:00 UTC")
        view = Moment([night, noon], at: Self.monday + 2 * Self.hour)
        #expect(view.wait(for: Self.subject()) == nil)
        #expect(view.closing(for: Self.subject()) == Self.monday + 4 * Self.hour)
        view = Moment([night, noon], at: Self.monday + 4 * Self.hour)
        #expect(view.wait(for: Self.subject()) != nil, "it has closed at this very moment")
    }

    @Test("deny wins, and what is said of the end counts both")
    func denied() throws {
        let night = try Self.window(allow: "0 2 * * *", hours: 4)
        let freeze = try Self.window(deny: "0 0 2 11 *", hours: 3)
        var view = Moment([night, freeze], at: Self.monday + 2 * Self.hour)
        let wait = try #require(view.wait(for: Self.subject()))
        #expect(wait.until == Self.monday + 3 * Self.hour)
        #expect(wait.message.contains("no changes are made in the window `0 0 2 11 *`"))
        view = Moment([night, freeze], at: Self.monday + Self.hour)
        #expect(view.wait(for: Self.subject())?.until == Self.monday + 3 * Self.hour)
        let longer = try Self.window(deny: "0 0 2 11 *", hours: 7)
        view = Moment([night, longer], at: Self.monday + Self.hour)
        #expect(view.wait(for: Self.subject())?.until == Self.monday + 26 * Self.hour)
        view = Moment([freeze], at: Self.monday - Self.hour)
        #expect(view.closing(for: Self.subject()) == Self.monday)
        let always = try Self.window(deny: "* * * * *", hours: 1)
        view = Moment([night, always], at: Self.monday)
        #expect(view.wait(for: Self.subject()) != nil)
        #expect(view.wait(for: Self.subject())?.until == nil)
    }

    @Test("a person passes only where all windows in the way let them")
    func manual() throws {
        let manual = try Self.window(deny: "0 0 * * *", hours: 9) { $0.isManual = true }
        let strict = try Self.window(deny: "0 4 * * *", hours: 1)
        var view = Moment([manual, strict], at: Self.monday + Self.hour)
        #expect(view.wait(for: Self.subject())?.isManual == true)
        view = Moment([manual, strict], at: Self.monday + 4 * Self.hour)
        #expect(view.wait(for: Self.subject())?.isManual == false)
    }

    @Test("windows are open from each start for as long as they last, and not a second longer")
    func brute() throws {
        var generator = SplitMix(seed: 23)
        for text in ["*/45 * * * *", "0 */5 * * *", "30 3 * * 1,3", "0 12 2 * *"] {
            for minutes in [1, 20, 45, 50, 300, 3000] {
                var window = Settings.Window()
                window.deny = try CronSchedule(text)
                window.durationSeconds = minutes * 60
                var starts: [Int] = []
                var start = Self.monday - 40 * 86400
                while let next = window.opening(after: start), next < Self.monday + 10 * 86400 {
                    starts.append(next)
                    start = next
                }
                for _ in 0..<40 {
                    let instant = Self.monday + Int.random(in: 0...700_000, using: &generator)
                    let last = starts.last { $0 <= instant }
                    let end = (last ?? 0) + window.durationSeconds
                    #expect(window.isOpen(at: instant) == (end > instant))
                    if end > instant { #expect(window.closing(at: instant) == end) }
                    let change = window.change(after: instant)
                    #expect(
                        change == (end > instant ? end : starts.first { $0 > instant } ?? change))
                }
            }
        }
    }
}
