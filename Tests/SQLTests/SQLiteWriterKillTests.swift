import FoundationEssentials
import Glibc
import SQL
import Synchronization
import Testing

@Suite("a writer that is killed")
struct SQLiteWriterKillTests {
    @Test("no write that was acknowledged is lost with the process")
    func kill() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/test.db"
        try Data().write(to: URL(filePath: path))
        try SQLiteDatabase(.file(path)).script(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE things (id INTEGER PRIMARY KEY) STRICT;
            CREATE TABLE pairs (id INTEGER PRIMARY KEY) STRICT;
            """)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            try await Self.writeUntilKilled(path)
        }
        let acknowledged = try String(contentsOfFile: path + ".log", encoding: .utf8)
            .split(separator: "\n").compactMap { Int($0) }
        #expect(acknowledged.count >= 200)
        let database = try SQLiteDatabase(.file(path))
        let ids = try Set(database.all("SELECT id FROM things") { $0.integer(0) ?? -1 })
        #expect(acknowledged.allSatisfy(ids.contains))
        // Of what was not, nothing is there by halves.
        let pairs = try Set(database.all("SELECT id FROM pairs") { $0.integer(0) ?? -1 })
        #expect(ids == pairs)
        #expect(try database.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
    }

    /// In a process of its own: many writers at once, and a bullet in the middle of them.
    private static func writeUntilKilled(_ path: String) async throws {
        let writer = SQLiteWriter(
            open: { () throws(SQLError) in try SQLiteDatabase(.file(path)) }, queueLimit: 1000,
            batchLimit: 50)
        let log = open(path + ".log", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let bullet = Bullet(after: 500)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<20 {
                group.addTask {
                    for id in task * 100_000..<(task + 1) * 100_000 {
                        guard (try? await Self.add(id, writer)) != nil else { continue }
                        let line = Array("\(id)\n".utf8)
                        _ = write(log, line, line.count)
                        bullet.count()
                    }
                }
            }
        }
    }

    private static func add(_ id: Int, _ writer: SQLiteWriter) async throws(SQLError) {
        try await writer.write { database throws(SQLError) in
            try database.execute("INSERT INTO things VALUES (?)", [.integer(id)])
            try database.execute("INSERT INTO pairs VALUES (?)", [.integer(id)])
        }
    }
}

/// Kills its own process at the given count.
private final class Bullet: Sendable {
    private let last: Int
    private let reached = Atomic(0)

    init(after last: Int) { self.last = last }

    func count() {
        guard reached.add(1, ordering: .relaxed).newValue == last else { return }
        _ = Glibc.kill(getpid(), SIGKILL)
    }
}
