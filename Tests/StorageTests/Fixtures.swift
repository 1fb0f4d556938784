import Resources
import Storage

/// Values that the tests share.
enum Fixtures {
    /// 2026-01-31T12:00:00.250Z.
    static let now = 1_769_860_800_250

    static let motd = Address("File", "motd")
    static let site = Address("NginxSite", "shop")

    static let start = RunStart(
        revision: Revision(id: "c0ffee", author: "Ada <ada@example.com>", subject: "Greet"),
        plan: "plan-1", source: "/srv/desired", actor: "ada")

    static func store(
        in folder: TemporaryFolder, _ access: StateStore.Access = .readWrite
    ) throws -> StateStore {
        try StateStore(
            folder: folder.path + "/state", access: access, busyTimeoutMilliseconds: 20,
            clock: { now })
    }

    static func entry(_ address: Address, revision: String = "c0ffee") -> InventoryEntry {
        InventoryEntry(
            address: address, kind: "File", server: "in3",
            declaration: Array(#"{"path":"/etc/motd"}"#.utf8), desiredDigest: Digest(of: "desired"),
            observedDigest: Digest(of: "observed"), origin: .applied, revision: revision,
            appliedAt: 1_769_860_800)
    }

    static func observation(_ address: Address, body: String?, run: Int? = nil)
        -> ObservedResource
    {
        let bytes = body.map { Array($0.utf8) }
        return ObservedResource(
            address: address, digest: Digest(of: bytes ?? []), body: bytes,
            observedAt: 1_769_860_800, run: run)
    }

    /// A write, and a reload that leaves no trace.
    static func steps(_ address: Address) -> [PlannedStep] {
        [
            PlannedStep(address: address, server: "in3", step: "write"),
            PlannedStep(address: address, server: "in3", step: "reload", leavesTrace: false),
        ]
    }

    static func event(_ number: Int) -> AuditEvent {
        AuditEvent(
            actor: "ada", action: "resource.updated", subject: "file/number-\(number)",
            detail: Array(#"{"number":\#(number)}"#.utf8))
    }
}
