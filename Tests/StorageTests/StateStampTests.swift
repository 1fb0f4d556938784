import Glibc
import Storage
import Testing

/// Whether a state may have been written to, told without opening it.
@Suite struct StateStampTests {
    @Test("a write shows, and only what was written long enough ago is settled")
    func writes() async throws {
        let folder = try TemporaryFolder()
        let none = StateStamp(folder: folder.path)
        #expect(!none.isSettled(at: 4_000_000_000))
        let store = try StateStore(folder: folder.path, access: .readWrite)
        let made = StateStamp(folder: folder.path)
        #expect(made != none)
        #expect(!made.isSettled(at: Timestamp.now() / 1000))
        #expect(made.isSettled(at: Timestamp.now() / 1000 + 10))
        #expect(StateStamp(folder: folder.path) == made)
        _ = try await store.releases(after: 0)
        #expect(StateStamp(folder: folder.path) == made, "nothing was written")
        // Files' times are only as exact as the kernel's clock.
        usleep(50_000)
        let lease = try await Lease.take(store, for: "stead apply")
        let written = StateStamp(folder: folder.path)
        #expect(written != made)
        usleep(50_000)
        await lease.release()
        #expect(StateStamp(folder: folder.path) != written)
    }
}
