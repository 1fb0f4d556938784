import Glibc
import Testing

@_silgen_name("setfsuid") private func setfsuid(_ user: UInt32) -> Int32

/// Runs `body` on this thread as a user whom permissions bind: root's are taken away for file
/// access by way of setfsuid(2), after the files under `folder` have been given to nobody.
func unprivileged<Result>(in folder: String, _ body: () throws -> Result) throws -> Result {
    guard geteuid() == 0 else { return try body() }
    let nobody: UInt32 = 65534
    for name in ["", "/stead.db", "/stead.db-wal", "/stead.db-shm"] {
        lchown(folder + name, nobody, nobody)
    }
    _ = setfsuid(nobody)
    defer { _ = setfsuid(0) }
    return try body()
}
