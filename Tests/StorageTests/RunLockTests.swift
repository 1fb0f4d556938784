import Diagnostics
import FoundationEssentials
import Glibc
import Storage
import Testing

@Suite("the run lock")
struct RunLockTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("a second run is told who holds the lock, and may run once it is free")
    func exclusive() throws {
        var lock: RunLock? = try RunLock(folder: folder.path, clock: { Fixtures.now })
        let error = #expect(throws: Failure.self) { try RunLock(folder: folder.path) }
        guard case .waiting(let report, _) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(report.message.contains("process \(getpid()), since 2026-01-31T12:00:00.000Z"))
        let holder = RunLock.Holder(processID: Int(getpid()), since: Fixtures.now / 1000)
        #expect(RunLock.holder(in: folder.path) == holder)
        #expect(lock != nil)
        lock = nil
        #expect(RunLock.holder(in: folder.path) == nil)
        #expect(throws: Never.self) { _ = try RunLock(folder: folder.path) }
    }

    @Test("a lock of a folder that isn't there is free, and looking doesn't make it")
    func missing() {
        #expect(!RunLock.isHeld(in: folder.path + "/none"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
    }

    @Test("a command that a run started does not have its lock")
    func notInherited() throws {
        let lock = try RunLock(folder: folder.path)
        #expect(Shell.run("ls -l /proc/self/fd | grep -q run.lock") == 1)
        withExtendedLifetime(lock) {}
    }

    @Test("looking at the lock does not keep a run from taking it")
    func looks() async throws {
        let path = folder.path
        try await withThrowingTaskGroup { group in
            group.addTask { for _ in 0..<2000 { _ = RunLock.isHeld(in: path) } }
            group.addTask { for _ in 0..<200 { _ = try RunLock(folder: path) } }
            try await group.waitForAll()
        }
    }

    @Test("the kernel takes the lock back from a killed process")
    func killed() async throws {
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let lock = try RunLock(folder: path)
            guard RunLock.isHeld(in: path) else { return }
            kill(getpid(), SIGKILL)
            withExtendedLifetime(lock) {}
        }
        #expect(!RunLock.isHeld(in: path))
        #expect(FileManager.default.fileExists(atPath: path + "/run.lock"))
        #expect(throws: Never.self) { _ = try RunLock(folder: path) }
    }
}
