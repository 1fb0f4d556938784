import Diagnostics
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import Storage

@Suite("the lease")
struct LeaseTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/state"
    }

    private func store() throws -> StateStore {
        try StateStore(folder: path, access: .readWrite)
    }

    @Test("a second process is told who holds it, and may have it once it is given back")
    func exclusive() async throws {
        let (first, second) = (try store(), try store())
        let lease = try await Lease.take(first, for: "stead controller")
        let error = await #expect(throws: Failure.self) {
            try await Lease.take(second, for: "stead apply")
        }
        guard case .waiting(let report, _) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(report.message.contains("stead controller, process \(getpid()), since 20"))
        await lease.release()
        let next = try await Lease.take(second, for: "stead apply")
        #expect(next.token == lease.token + 1)
        #expect(next.state == lease.state)
        await next.release()
    }

    @Test("whoever is dead is followed at once")
    func killed() async throws {
        let path = path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try StateStore(folder: path, access: .readWrite)
            _ = try await Lease.take(store, for: "stead controller", lasting: .seconds(3600))
            kill(getpid(), SIGKILL)
        }
        let store = try store()
        #expect(try await store.lease().holder?.isAlive == false)
        let lease = try await Lease.take(store, for: "stead apply", lasting: .seconds(3600))
        #expect(lease.token == 2)
        await lease.release()
    }

    @Test("one that shows no life is followed after its time, and can't write any more")
    func asleep() async throws {
        let (first, second) = (try store(), try store())
        // Renews itself every twenty minutes: asleep, as far as the other can see.
        let sleeper = try await Lease.take(first, for: "sleeper", lasting: .seconds(3600))
        let told = Mutex<[String]>([])
        let lease = try await Lease.take(
            second, for: "standby", lasting: .milliseconds(300),
            patience: .endless { holder in told.withLock { $0.append(holder.title) } })
        #expect(lease.token == sleeper.token + 1)
        #expect(told.withLock { $0 } == ["sleeper"])

        let error = await #expect(throws: Failure.self) {
            try await first.append([Fixtures.event(1)])
        }
        #expect(error?.report.message.contains("has taken over") == true)
        await #expect(throws: Failure.self) { try await first.checkFence() }
        await #expect(throws: Failure.self) { try await first.begin(Fixtures.start, steps: []) }
        try await second.append([Fixtures.event(2)])
        #expect(try await second.auditEntries().map(\.event) == [Fixtures.event(2)])

        // What it gives back is no longer its own.
        await sleeper.release()
        #expect(try await second.lease().holder?.title == "standby")
        await lease.release()
    }

    @Test("one that lives keeps it, however long another waits")
    func renewed() async throws {
        let (first, second) = (try store(), try store())
        let lease = try await Lease.take(first, for: "holder", lasting: .milliseconds(60))
        let waiting = Task {
            try await Lease.take(
                second, for: "standby", lasting: .seconds(3), patience: .endless { _ in })
        }
        try await Task.sleep(for: .milliseconds(4500))
        #expect(try await second.lease().token == lease.token)
        await lease.release()
        let next = try await waiting.value
        #expect(next.token == lease.token + 1)
        await next.release()
    }

    @Test("of many who want it at once, one gets it")
    func race() async throws {
        let path = path
        _ = try store()
        let leases = await withTaskGroup(of: Lease?.self) { group in
            for number in 0..<8 {
                group.addTask {
                    guard let store = try? StateStore(folder: path, access: .readWrite) else {
                        return nil
                    }
                    return try? await Lease.take(store, for: "\(number)")
                }
            }
            return await group.reduce(into: [Lease]()) { leases, lease in
                if let lease { leases.append(lease) }
            }
        }
        #expect(leases.map(\.token) == [1])
        for lease in leases { await lease.release() }
    }
}
