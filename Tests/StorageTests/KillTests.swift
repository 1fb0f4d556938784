import FoundationEssentials
import Glibc
import Resources
import SQL
import Storage
import Testing

@Suite("a store whose process is killed")
struct KillTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("everything that was acknowledged is there")
    func acknowledged() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
            let store = try StateStore(folder: path + "/state", access: .readWrite)
            _ = try await Lease.take(store, for: "a run")
            let (run, steps) = try await store.begin(
                Fixtures.start, steps: Fixtures.steps(Fixtures.motd), audit: [Fixtures.event(1)])
            try await store.started(steps[0])
            try await store.finished(steps[0], .succeeded)
            try await store.started(steps[1])
            guard run == 1 else { return }
            kill(getpid(), SIGKILL)
        }
        for access in [StateStore.Access.readOnly, .readWrite] {
            let store = try Fixtures.store(in: folder, access)
            #expect(try await store.runs().map(\.outcome) == [.interrupted])
            #expect(try await store.journal(of: 1).map(\.state) == [.succeeded, .started])
            #expect(try await store.unfinished() == [Fixtures.motd])
            #expect(try await store.auditEntries().map(\.event) == [Fixtures.event(1)])
        }
        let store = try Fixtures.store(in: folder)
        let lease = try await Lease.take(store, for: "another")
        #expect(try await store.markInterrupted(noticedBy: "ada") == [1])
        await lease.release()
    }

    @Test("nothing is left of a transaction that was killed in its middle")
    func middleOfTransaction() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
            let store = try StateStore(folder: path + "/state", access: .readWrite)
            try await store.append([Fixtures.event(1)])
            let database = try SQLiteDatabase(.file(path + "/state/stead.db"))
            try database.transaction(.durable) { () throws(SQLError) in
                // More than the cache holds, so that some of it is in the log already.
                for number in 0..<20_000 {
                    try database.execute(
                        "INSERT INTO hosts VALUES (?, ?, 0, 0)",
                        [.text("host-\(number)"), .text(String(repeating: "x", count: 500))])
                }
                kill(getpid(), SIGKILL)
            }
        }
        let store = try Fixtures.store(in: folder)
        #expect(try await store.hosts().isEmpty)
        #expect(try await store.auditEntries().count == 1)
        try await store.append([Fixtures.event(2)])
    }

    @Test("killed at any moment, a store is sound and has all it said it had", arguments: 1...6)
    func anyMoment(_ round: Int) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String, round] in
            Task.detached {
                usleep(UInt32(round * 17_000))
                kill(getpid(), SIGKILL)
            }
            try await writeUntilKilled(in: path)
        }
        let said = try? String(
            decoding: Data(contentsOf: URL(filePath: folder.path + "/said")), as: UTF8.self)
        let count = said.flatMap { Int($0) } ?? 0
        let store = try Fixtures.store(in: folder)
        guard case .intact(let entries, _, _) = try await store.verifyAudit() else {
            Issue.record("\(try await store.verifyAudit())")
            return
        }
        #expect(entries == count || entries == count + 1)
        #expect(try await store.runs(limit: .max).filter { $0.finishedAt != nil }.count == entries)
        #expect(try await store.inventory().count == entries)
        let check = try SQLiteDatabase(.file(folder.path + "/state/stead.db"))
            .first("PRAGMA integrity_check") { $0.text(0) }
        #expect(check == "ok")
    }
}

/// Records one run after the other, and says in a file of its own how many it has recorded.
private func writeUntilKilled(in path: String) async throws {
    let store = try StateStore(folder: path + "/state", access: .readWrite)
    let file = open(path + "/said", O_RDWR | O_CREAT, 0o600)
    for number in 1... {
        let address = Address("File", "number-\(number)")
        let (run, steps) = try await store.begin(Fixtures.start, steps: Fixtures.steps(address))
        try await store.started(steps[0], steps[1])
        try await store.finished(steps, .succeeded)
        let ending = RunEnding(
            outcome: .succeeded, counts: .init(), kept: [Fixtures.entry(address)],
            audit: [Fixtures.event(number)])
        try await store.record(ending, of: run)
        let text = Array("\(number)".utf8)
        pwrite(file, text, text.count, 0)
    }
}
