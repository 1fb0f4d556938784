package import Planning
package import Resources

/// A plan with what it takes to carry it out.
package struct PreparedPlan: Sendable {
    package private(set) var plan: Plan
    package let desired: DesiredState
    private(set) var survey: Survey
    let inventory: [InventoryEntry]
    /// What the plan was made of, so that it can be made of a part of the places.
    let outlook: Outlook
    var protections: Protections { outlook.protections }

    /// The work of the given changes, by host.
    func work(for changes: [PlannedChange]) -> [HostWork] {
        let routes = Routes(desired.servers)
        let entries = Dictionary(
            inventory.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        let policy = desired.settings.policy
        var order: [String] = []
        var items: [String: [WorkItem]] = [:]
        for change in changes {
            guard let subject = survey.subjects[change.address],
                case .seen(let assessment) = survey.sights[change.address]
            else { continue }
            if items[change.server] == nil { order.append(change.server) }
            items[change.server, default: []].append(
                WorkItem(
                    resource: subject.resource, change: change, intent: subject.intent,
                    steps: assessment.steps
                ).keeping(entries[change.address], assessment.losses, policy))
        }
        return order.compactMap { server in
            routes.place(server).map { HostWork(place: $0, items: items[server] ?? []) }
        }
    }
}

extension PreparedPlan {
    /// Whether there is anything to write down even if nothing is changed on a host.
    var hasNews: Bool { RunRecording(prepared: self, actor: "").hasNews }

    /// What it says of some places alone.
    func part(on servers: Set<String>) -> PreparedPlan {
        var part = self
        part.survey = survey.narrowed(to: servers)
        part.plan = plan.part(on: servers, of: Set(part.survey.subjects.keys))
        return part
    }

    /// What was seen of a resource; nil for one that was not looked at.
    package func sight(of address: Address) -> Sight? { survey.sights[address] }
}
