import Testing

@testable import Control

/// What is remembered of deliveries.
@Suite struct ReplayWindowTests {
    @Test("a delivery is new again when it is forgotten, in time")
    func time() async {
        let window = ReplayWindow()
        #expect(await window.take([[1]], now: 1000))
        #expect(await !window.take([[1]], now: 1599))
        #expect(await !window.take([[2], [1]], now: 1599))
        #expect(await window.take([[1]], now: 1600))
        #expect(await !window.take([[2]], now: 1600))
    }

    @Test("no more is remembered than the limit, the latest of it")
    func limit() async {
        let window = ReplayWindow(seconds: 600, limit: 100)
        for number in UInt8(0)...200 { _ = await window.take([[number]], now: 1000) }
        #expect(await window.count == 100)
        #expect(await !window.take([[200]], now: 1000))
        #expect(await window.take([[0]], now: 1000))
    }
}
