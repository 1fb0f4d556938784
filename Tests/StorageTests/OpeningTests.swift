import Diagnostics
import FoundationEssentials
import Glibc
import SQL
import Storage
import Testing

@Suite("opening the state")
struct OpeningTests {
    let folder: TemporaryFolder
    var path: String { folder.path + "/state/stead.db" }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("the folder and its files are for their owner alone")
    func permissions() async throws {
        let store = try Fixtures.store(in: folder)
        try await store.append([Fixtures.event(1)])
        #expect(try mode(folder.path + "/state") == 0o700)
        for file in ["stead.db", "stead.db-wal", "stead.db-shm"] {
            #expect(try mode(folder.path + "/state/" + file) == 0o600, "\(file)")
        }
    }

    @Test("what was written is there when the state is opened again")
    func reopen() async throws {
        try await Fixtures.store(in: folder).append([Fixtures.event(1)])
        for access in [StateStore.Access.readWrite, .readOnly] {
            let entries = try await Fixtures.store(in: folder, access).auditEntries()
            #expect(entries.map(\.event) == [Fixtures.event(1)])
        }
    }

    @Test("many may open a state that does not exist yet at the same time")
    func openedAtOnce() async throws {
        let path = folder.path + "/state"
        try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    let store = try StateStore(folder: path, access: .readWrite)
                    try await store.append([Fixtures.event(number)])
                }
            }
            try await group.waitForAll()
        }
        let verdict = try await Fixtures.store(in: folder, .readOnly).verifyAudit()
        guard case .intact(count: 8, _, _) = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }

    @Test("a state that does not exist reads as empty, and isn't made by reading")
    func missing() async throws {
        let store = try Fixtures.store(in: folder, .readOnly)
        #expect(try await store.inventory().isEmpty)
        #expect(try await store.unfinished().isEmpty)
        #expect(try await store.runs().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/state"))
    }

    @Test("a file left empty by a kill in the first moment is taken up")
    func emptyFile() async throws {
        try put(Data())
        #expect(try await Fixtures.store(in: folder, .readOnly).inventory().isEmpty)
        #expect(try await Fixtures.store(in: folder).inventory().isEmpty)
    }

    @Test("a store opened for reading refuses to write")
    func readOnlyStore() async throws {
        _ = try Fixtures.store(in: folder)
        let store = try Fixtures.store(in: folder, .readOnly)
        let error = await #expect(throws: Failure.self) {
            try await store.append([Fixtures.event(1)])
        }
        #expect(isStalled(error))
    }

    @Test(
        "a newer version is refused, with both numbers, and left as it was",
        arguments: [StateStore.Access.readWrite, .readOnly])
    func newer(_ access: StateStore.Access) throws {
        _ = try Fixtures.store(in: folder)
        try SQLiteDatabase(.file(path)).script("PRAGMA user_version = 99")
        let before = try Data(contentsOf: URL(filePath: path))
        let error = #expect(throws: Failure.self) { try Fixtures.store(in: folder, access) }
        #expect(isStalled(error))
        #expect(error?.report.message.contains("version 99") == true)
        #expect(error?.report.message.contains("version 5 ") == true)
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test(
        "another program's database is refused and left as it was",
        arguments: [
            "CREATE TABLE customers (id INTEGER)",
            "PRAGMA application_id = 7; PRAGMA user_version = 1",
        ])
    func foreign(_ sql: String) throws {
        try put(Data())
        try SQLiteDatabase(.file(path)).script(sql)
        let before = try Data(contentsOf: URL(filePath: path))
        for access in [StateStore.Access.readWrite, .readOnly] {
            let error = #expect(throws: Failure.self) { try Fixtures.store(in: folder, access) }
            #expect(error?.report.message.contains("another program") == true)
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test("a file that is no database is refused with the fix, and left as it was")
    func notADatabase() throws {
        let letter = Data("not a database at all, but long enough to be one".utf8)
        try put(letter)
        for access in [StateStore.Access.readWrite, .readOnly] {
            let error = #expect(throws: Failure.self) { try Fixtures.store(in: folder, access) }
            #expect(isStalled(error))
            #expect(error?.report.fix?.contains("backup") == true)
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == letter)
    }

    @Test("damage is told with the fix")
    func corrupt() async throws {
        try await Fixtures.store(in: folder).append([Fixtures.event(1)])
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes.replaceSubrange(8192..., with: Data(repeating: 0xEE, count: bytes.count - 8192))
        try bytes.write(to: URL(filePath: path))
        for access in [StateStore.Access.readWrite, .readOnly] {
            let error = await #expect(throws: Failure.self) {
                let store = try Fixtures.store(in: folder, access)
                _ = try await store.inventory()
                _ = try await store.verifyAudit()
            }
            #expect(isStalled(error))
            #expect(error?.report.message.contains("damaged") == true)
            #expect(error?.report.fix?.contains("backup") == true)
        }
    }

    @Test("a lock that stays is worth another try")
    func locked() async throws {
        let store = try Fixtures.store(in: folder)
        let other = try SQLiteDatabase(.file(path))
        try other.script("BEGIN IMMEDIATE")
        let error = await #expect(throws: Failure.self) {
            try await store.append([Fixtures.event(1)])
        }
        guard case .transient(let report) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(report.message.contains("locked"))
        #expect(try await store.auditEntries().isEmpty)
        try other.script("ROLLBACK")
        try await store.append([Fixtures.event(1)])
    }

    @Test("opening a state twice in one process does not lose the first one's locks")
    func openedTwice() async throws {
        let first = try Fixtures.store(in: folder)
        try await first.append([Fixtures.event(1)])
        _ = try Fixtures.store(in: folder)
        // The last connection to close removes the log; this one must see that it is not the last.
        await #expect(processExitsWith: .success) { [path = path as String] in
            try SQLiteDatabase(.file(path)).execute("SELECT * FROM audit")
        }
        #expect(FileManager.default.fileExists(atPath: path + "-wal"))
        try await first.append([Fixtures.event(2)])
        let entries = try await Fixtures.store(in: folder, .readOnly).auditEntries()
        #expect(entries.map(\.event) == [1, 2].map(Fixtures.event))
    }

    @Test("a path that can't be a folder is refused")
    func notAFolder() throws {
        try Data().write(to: URL(filePath: folder.path + "/state"))
        let error = #expect(throws: Failure.self) { try Fixtures.store(in: folder) }
        #expect(isStalled(error))
    }

    private func put(_ bytes: Data) throws {
        try FileManager.default.createDirectory(
            atPath: folder.path + "/state", withIntermediateDirectories: true)
        try bytes.write(to: URL(filePath: path))
    }

    private func mode(_ path: String) throws -> UInt32 {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_mode & 0o777
    }
}

/// Whether a failure needs a person.
func isStalled(_ failure: Failure?) -> Bool {
    guard case .stalled = failure else { return false }
    return true
}
