import Foundation
import Glibc
import Testing

@testable import Storage

/// Who may read the state's files: their owner, and a group where the folder hands its own on.
@Suite struct SharedFolderTests {
    private func mode(of path: String) throws -> mode_t {
        var status = stat()
        try #require(stat(path, &status) == 0, "\(path)")
        return status.st_mode & 0o7777
    }

    @Test(
        "the state's file and its log take from their folder what its group may do",
        arguments: [
            (mode_t(0o700), mode_t(0o600)), (0o755, 0o600), (0o770, 0o600), (0o2750, 0o640),
            (0o2751, 0o640), (0o2770, 0o660), (0o2755, 0o640), (0o2700, 0o600),
        ])
    func state(_ folderMode: mode_t, _ fileMode: mode_t) throws {
        let folder = NSTemporaryDirectory() + "stead-shared-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try #require(chmod(folder, folderMode) == 0)
        let store = try StateStore(folder: folder, access: .readWrite)
        #expect(try mode(of: folder + "/stead.db") == fileMode)
        #expect(try mode(of: folder + "/stead.db-wal") == fileMode)
        #expect(try mode(of: folder + "/stead.db-shm") == fileMode)
        _ = store
    }
}
