import Controlling
import Testing

@testable import Control

/// What those who follow a run are given.
@Suite struct EventFeedTests {
    private func occurrence(_ number: Int) -> Occurrence {
        Occurrence(.applied, "\(number)", "reached", revision: "\(number)", at: number)
    }

    @Test("who asks first learns where to go on, and then gets what came since, in order")
    func pages() {
        let feed = EventFeed()
        feed.add(occurrence(1))
        let first = feed.page(after: nil)
        #expect(first.events.isEmpty && first.last == 1)
        feed.add(occurrence(2))
        feed.add(occurrence(3))
        let next = feed.page(after: first.last)
        #expect(next.events.map(\.subject) == ["2", "3"])
        #expect(feed.page(after: next.last).events.isEmpty)
    }

    @Test("the oldest are forgotten, and a number of an earlier controller begins anew")
    func limit() {
        let feed = EventFeed(limit: 10)
        for number in 1...50 { feed.add(occurrence(number)) }
        let page = feed.page(after: 5)
        #expect(page.events.map(\.number) == Array(41...50))
        #expect(feed.page(after: 1000).events.count == 10)
    }
}
