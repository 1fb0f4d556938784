import Diagnostics
import Glibc
import Testing

@testable import Remote

@Suite("the poll loop", .timeLimit(.minutes(1)))
struct PollLoopTests {
    /// An actor that waits on a loop of its own.
    private actor Sleeper {
        nonisolated let loop: PollLoop
        nonisolated var unownedExecutor: UnownedSerialExecutor {
            loop.asUnownedSerialExecutor()
        }
        private var isWaiting = false

        init() throws(Failure) {
            loop = try PollLoop()
        }

        func sleep(on interests: [PollLoop.Interest] = [], milliseconds: Int) async -> PollLoop.Wake
        {
            isWaiting = true
            let wake = await loop.wait(
                interests, for: .turn, until: .after(milliseconds: milliseconds))
            isWaiting = false
            return wake
        }

        /// Wakes the sleeper as soon as it has let anybody else run.
        func wake() async {
            while !isWaiting { await Task.yield() }
            loop.notify(.turn)
        }
    }

    @Test("nobody misses a notification that comes the moment they begin to wait")
    func notifications() async throws {
        let sleeper = try Sleeper()
        for _ in 0..<500 {
            async let wake = sleeper.sleep(milliseconds: 20_000)
            await sleeper.wake()
            #expect(await wake == .ready)
        }
    }

    @Test("a wait ends at its deadline, and by cancellation at any moment")
    func deadlinesAndCancellation() async throws {
        let sleeper = try Sleeper()
        #expect(await sleeper.sleep(milliseconds: 1) == .timedOut)
        #expect(await sleeper.sleep(milliseconds: 0) == .timedOut)
        for delay in 0..<100 {
            let task = Task { await sleeper.sleep(milliseconds: 20_000) }
            if delay % 2 == 1 { try await Task.sleep(for: .microseconds(delay * 10)) }
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }

    @Test("a descriptor wakes whoever waits for it, and only them")
    func descriptors() async throws {
        let sleeper = try Sleeper()
        let (near, far) = try Descriptor.pair()
        let readable = PollLoop.Interest(descriptor: near.number, events: POLLIN)
        #expect(await sleeper.sleep(on: [readable], milliseconds: 20) == .timedOut)
        _ = far.write([1])
        #expect(await sleeper.sleep(on: [readable], milliseconds: 20_000) == .ready)
        #expect(near.read(limit: 10) == [1])
        #expect(await sleeper.sleep(on: [readable], milliseconds: 20) == .timedOut)
    }
}
