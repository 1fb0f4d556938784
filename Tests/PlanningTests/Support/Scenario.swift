import Diagnostics
import FoundationEssentials
import Planning
import Resources
import Testing

/// A fleet in a few lines of JSON: what git declares, what was applied, what the hosts hold.
struct Scenario: Decodable {
    struct State: Decodable {
        var content: String?
        var mode: String?

        var state: FakeFile.State {
            FakeFile.State(content: content ?? "", mode: mode ?? "0644")
        }
    }

    struct Item: Decodable {
        var address: String
        var server: String?
        var needs: [String]?
        var path: String?
        /// What git wants; absent for a resource that has left git.
        var git: State?
        /// What was applied last; absent when nothing ever was.
        var applied: State?
        var found: Bool?
        /// What the host holds.
        var host: State?
        var unknown: String?
        var detail: String?
        /// Steps that an interrupted run owes.
        var owed: [String]?
        var sensitive: Bool?
        /// The revision that it is protected since, by the state.
        var protected: String?
        /// What its delete takes away.
        var losses: [Loss]?
    }

    enum Form: String, Decodable {
        case text
        case colour
        case full
        case json
        case moved
    }

    var form: Form
    var items: [Item]
    var servers: [String]?
    var only: [String]?
    var allowed: Int?
    var maxDeletes: Int?
    /// For `moved`: what the host holds after the plan was made.
    var now: State?

    init(_ json: String) throws {
        self = try JSONDecoder().decode(Scenario.self, from: Data(json.utf8))
    }

    func input() throws -> PlanInput {
        var input = PlanInput(
            revision: Revision(id: String(repeating: "ab12", count: 10), subject: "a commit"),
            source: "https://git:hunter2@example.com/infra.git", resources: [],
            servers: Set(servers ?? ["in3"]), sights: [:], selection: Selection(only ?? []),
            allowedDeletes: allowed, now: Date(timeIntervalSince1970: 1_735_689_600))
        input.policy.maxDeletes = maxDeletes ?? 3
        var protections: [Address: Protections.Record] = [:]
        for item in items { try add(item, to: &input, protecting: &protections) }
        input.protections = Protections(protections)
        return input
    }

    private func add(
        _ item: Item, to input: inout PlanInput,
        protecting protections: inout [Address: Protections.Record]
    ) throws {
        let file = try file(of: item)
        if item.git == nil {
            input.removals.append(file)
        } else {
            input.resources.append(file)
        }
        if let applied = item.applied {
            input.inventory.append(
                file.entry(applied: applied.state, origin: item.found == true ? .found : .applied))
        }
        if let revision = item.protected {
            protections[file.address] = .since(revision: revision)
        }
        if item.owed != nil { input.unfinished.insert(file.address) }
        if let reason = item.unknown {
            input.sights[file.address] = .unknown(.transient(.init(reason, detail: item.detail)))
        } else {
            let assessment = file.assessment(
                of: item.host?.state, isRemoval: item.git == nil, owed: item.owed ?? [])
            input.sights[file.address] = .seen(assessment)
        }
    }

    func file(of item: Item) throws -> FakeFile {
        var file = try FakeFile(item.address, server: item.server ?? "in3", needs: item.needs ?? [])
        file.desired = (item.git ?? item.applied)?.state ?? .init()
        file.isSensitive = item.sensitive ?? false
        file.losses = item.losses ?? []
        if let path = item.path { file.claims = [Claim(.path, path, field: "path")] }
        if item.git != nil {
            file.location = Diagnostics.SourceLocation(
                file: "desired/\(item.address).yaml", line: 1, column: 1, length: 1)
        }
        return file
    }

    func render() throws -> String {
        let plan = Planner.plan(try input())
        switch form {
        case .text: return PlanText().render(plan)
        case .colour: return PlanText(terminal: Terminal(isColoured: true)).render(plan)
        case .full: return PlanText(isFull: true).render(plan)
        case .json: return try PlanJSON.render(plan)
        case .moved:
            let change = try #require(plan.changes.first)
            let file = try file(of: try #require(items.first))
            return MovedText().render(change, now: file.assessment(of: now?.state))
        }
    }
}
