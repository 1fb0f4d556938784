import Diagnostics
import Resources
import Testing

/// A resource as simple as one can be: a content and a mode.
struct FakeFile: Resource {
    /// What git wants, or what a host has.
    struct State: Codable, Equatable {
        var content = ""
        var mode = "0644"

        /// As an observation or a declaration: contents as digests.
        var encoded: [UInt8] { Array("\(Digest(of: content)) \(mode)".utf8) }
        var digest: Digest { Digest(of: encoded) }
    }

    var address: Address
    var kind: KindName = "File"
    var labels: [String: String] = [:]
    var drift: Settings.Drift?
    var isGuarded: Bool?
    var isProtected = false
    /// What its delete takes away.
    var losses: [Loss] = []
    var keepsakes: [Keepsake] { losses.isEmpty ? [] : [.path("/etc/\(address.name)")] }
    var location: Diagnostics.SourceLocation?
    var server = "in3"
    var dependencies: [Address] = []
    var desired = State()
    var isSensitive = false
    var claims: [Claim] = []
    var looks: [Look] { [] }
    var declaration: [UInt8] { desired.encoded }
    var desiredDigest: Digest { desired.digest }

    init(
        _ address: String, _ content: String = "", server: String = "in3", needs: [String] = []
    ) throws {
        self.address = try #require(Address(address))
        self.server = server
        desired.content = content
        dependencies = try needs.map { try #require(Address($0)) }
        claims = [Claim(.path, "/etc/\(self.address.name)", field: "path")]
    }

    func assess(_ output: ProbeOutput, _ intent: Intent) throws(Failure) -> Assessment {
        throw .stalled(.init("a fake is never probed"))
    }

    /// What a kind would make of a host that holds `seen`.
    func assessment(
        of seen: State?, isRemoval: Bool = false, owed: [String] = []
    ) -> Assessment {
        let goal = isRemoval ? nil : desired
        var differences: [Difference] = []
        if seen?.content != goal?.content {
            let sides = [seen, goal].map { $0.map { Content($0.content) } }
            differences.append(
                Difference(
                    "content of /etc/\(address.name)", .content(old: sides[0], new: sides[1]),
                    isSensitive: isSensitive))
        }
        if seen?.mode != goal?.mode {
            let isSpelling = seen?.mode.drop { $0 == "0" } == goal?.mode.drop { $0 == "0" }
            differences.append(
                Difference(
                    "mode", .text(old: seen?.mode, new: goal?.mode), isNormalisation: isSpelling))
        }
        let isDue = differences.contains { !$0.isNormalisation }
        let steps = (isDue ? ["write /etc/\(address.name)"] : []) + owed
        var assessment = Assessment(
            exists: seen != nil, observation: seen?.encoded, differences: differences
        ) { steps.map { Step(id: $0, command: Command("true")) } }
        if isRemoval, seen != nil { assessment.losses = losses }
        return assessment
    }

    /// What the inventory keeps after `state` was applied, and `left` seen.
    func entry(
        applied state: State? = nil, left: State? = nil, origin: InventoryEntry.Origin = .applied
    ) -> InventoryEntry {
        let state = state ?? desired
        return InventoryEntry(
            address: address, kind: kind, server: server, declaration: state.encoded,
            desiredDigest: state.digest, observedDigest: (left ?? state).digest, origin: origin,
            revision: "0123456789", appliedAt: 0)
    }
}
