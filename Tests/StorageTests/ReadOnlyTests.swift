import Diagnostics
import FoundationEssentials
import Glibc
import Storage
import Testing

@Suite("a state that can't be written")
struct ReadOnlyTests {
    let folder: TemporaryFolder
    var state: String { folder.path + "/state" }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("one that nobody has open is read, and left without a trace")
    func closed() async throws {
        try await Fixtures.store(in: folder).append([Fixtures.event(1)])
        try lockUp()
        let files = try FileManager.default.contentsOfDirectory(atPath: state)
        let store = try unprivileged(in: state) { try Fixtures.store(in: folder, .readOnly) }
        #expect(try await store.auditEntries().map(\.event) == [Fixtures.event(1)])
        #expect(try FileManager.default.contentsOfDirectory(atPath: state) == files)
        try unlock()
    }

    @Test("one that is written meanwhile says so instead of answering")
    func writtenMeanwhile() async throws {
        try await Fixtures.store(in: folder).append([Fixtures.event(1)])
        try lockUp()
        let store = try unprivileged(in: state) { try Fixtures.store(in: folder, .readOnly) }
        try unlock()
        try await Fixtures.store(in: folder).append([Fixtures.event(2)])
        let error = await #expect(throws: Failure.self) { try await store.auditEntries() }
        guard case .transient = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
    }

    @Test("one that another process has open is read with its latest entries")
    func open() async throws {
        let writer = try Fixtures.store(in: folder)
        try await writer.append([Fixtures.event(1)])
        try lockUp()
        let store = try unprivileged(in: state) { try Fixtures.store(in: folder, .readOnly) }
        #expect(try await store.auditEntries().map(\.event) == [Fixtures.event(1)])
        try await writer.append([Fixtures.event(2)])
        #expect(try await store.auditEntries().map(\.event) == [1, 2].map(Fixtures.event))
        try unlock()
    }

    @Test("one that a killed process left behind is read with its latest entries")
    func leftBehind() async throws {
        let writer = try Fixtures.store(in: folder)
        try await writer.append([Fixtures.event(1)])
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: state, toPath: copy.path + "/state")
        try lockUp(copy)
        let store = try unprivileged(in: copy.path + "/state") {
            try Fixtures.store(in: copy, .readOnly)
        }
        #expect(try await store.auditEntries().map(\.event) == [Fixtures.event(1)])
        try unlock(copy)
        withExtendedLifetime(writer) {}
    }

    @Test("a log without its index is not passed over")
    func logAlone() async throws {
        let writer = try Fixtures.store(in: folder)
        try await writer.append([Fixtures.event(1)])
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: state, toPath: copy.path + "/state")
        try FileManager.default.removeItem(atPath: copy.path + "/state/stead.db-shm")
        try lockUp(copy)
        let error = #expect(throws: Failure.self) {
            try unprivileged(in: copy.path + "/state") { try Fixtures.store(in: copy, .readOnly) }
        }
        #expect(isStalled(error))
        try unlock(copy)
        let store = try Fixtures.store(in: copy, .readOnly)
        #expect(try await store.auditEntries().map(\.event) == [Fixtures.event(1)])
        withExtendedLifetime(writer) {}
    }

    @Test("neither a file nor a folder that can't be written is opened for writing")
    func openForWriting() throws {
        _ = try Fixtures.store(in: folder)
        for (folderMode, fileMode) in [(0o500, 0o600), (0o700, 0o400), (0o500, 0o400)] {
            try set(state + "/stead.db", fileMode)
            try set(state, folderMode)
            let error = #expect(throws: Failure.self) {
                try unprivileged(in: state) { try Fixtures.store(in: folder) }
            }
            #expect(isStalled(error), "\(folderMode) \(fileMode)")
            #expect(error?.report.fix?.contains("owns the state folder") == true)
            try unlock()
        }
    }

    @Test("a file that can't even be read says who can")
    func unreadable() throws {
        _ = try Fixtures.store(in: folder)
        try set(state + "/stead.db", 0)
        let error = #expect(throws: Failure.self) {
            try unprivileged(in: state) { try Fixtures.store(in: folder, .readOnly) }
        }
        #expect(isStalled(error))
        #expect(error?.report.fix?.contains("owns the state folder") == true)
    }

    @Test("a state folder that can't be made says why")
    func folderInTheWay() throws {
        _ = try Fixtures.store(in: folder)
        try set(state, 0o500)
        let error = #expect(throws: Failure.self) {
            try unprivileged(in: state) {
                try StateStore(folder: state + "/more/state", access: .readWrite)
            }
        }
        #expect(isStalled(error))
        #expect(error?.report.message.contains("Permission denied") == true)
        try unlock()
    }

    private func lockUp(_ folder: TemporaryFolder? = nil) throws {
        let state = (folder ?? self.folder).path + "/state"
        for file in try FileManager.default.contentsOfDirectory(atPath: state) {
            try set(state + "/" + file, 0o400)
        }
        try set(state, 0o500)
    }

    private func unlock(_ folder: TemporaryFolder? = nil) throws {
        let state = (folder ?? self.folder).path + "/state"
        try set(state, 0o700)
        for file in try FileManager.default.contentsOfDirectory(atPath: state) {
            try set(state + "/" + file, 0o600)
        }
    }

    private func set(_ path: String, _ mode: Int) throws {
        try #require(chmod(path, mode_t(mode)) == 0)
    }
}
