package import Diagnostics
import FoundationEssentials
import Planning
package import Remote
package import Resources
package import Storage

/// Loads nothing and prints nothing: takes desired state, looks at the hosts, plans, applies.
package struct Engine: Sendable {
    package let catalog: [KindEntry]
    package let store: StateStore
    package let pool: ConnectionPool
    /// Told of everything that happens during a run.
    package let emit: @Sendable (RunEvent) -> Void

    package init(
        catalog: [KindEntry], store: StateStore, pool: ConnectionPool,
        emit: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) {
        self.catalog = catalog
        self.store = store
        self.pool = pool
        self.emit = emit
    }

    /// Looks at the hosts and plans. Changes nothing on them; what was seen goes into the state
    /// when that can be written.
    ///
    /// - Throws: when the state can't be read. A host that can't be looked at is no error: its
    ///   resources are unknown.
    package func prepare(_ desired: DesiredState, _ request: PlanRequest) async throws(Failure)
        -> PreparedPlan
    {
        let outlook = try await outlook(on: desired, request)
        var survey = Survey(subjects: outlook.subjects)
        let emit = emit
        await survey.look(along: Routes(desired.servers), with: observer(for: desired)) {
            emit(.hostObserved(server: $0, failure: $1))
        }
        return plan(outlook, survey)
    }

    /// What desired state and the state say is to be looked at.
    func outlook(
        on desired: DesiredState, _ request: PlanRequest
    ) async throws(Failure) -> Outlook {
        let declared = Dictionary(
            uniqueKeysWithValues: desired.resources.map {
                ($0.address, Version(server: $0.server, digest: $0.desiredDigest))
            })
        var inventory = try await store.inventory {
            declared[$0] == Version(server: $1, digest: $2)
        }
        let unfinished = try await store.unfinished()
        let selection = Selection(request.only, servers: request.servers)
        let kept = restored(
            inventory.filter {
                declared[$0.address] != Version(server: $0.server, digest: $0.desiredDigest)
            })
        let previous = kept.filter { declared[$0.key] != nil }
        let left = FormerPlaces.entries(
            of: desired.resources, previous: previous, inventory: inventory)
        inventory += left
        let removals =
            kept.values.filter { declared[$0.address] == nil } + restored(left).values
        return Outlook(
            desired: desired, request: request, selection: selection, inventory: inventory,
            removals: removals, previous: previous, unfinished: unfinished,
            protections: try await store.protections(),
            subjects: Self.subjects(
                desired.resources, removals: removals, unfinished: unfinished,
                selection: selection))
    }

    /// Holds what was seen against what is desired.
    func plan(_ outlook: Outlook, _ survey: Survey) -> PreparedPlan {
        let (desired, request) = (outlook.desired, outlook.request)
        var policy = desired.settings.policy
        policy.maxDeletes = min(policy.maxDeletes, request.maxDeletes ?? .max)
        let plan = Planner.plan(
            PlanInput(
                revision: desired.revision, source: request.source,
                resources: desired.resources,
                servers: Self.places(desired, outlook.inventory),
                inventory: outlook.inventory, removals: outlook.removals,
                previous: outlook.previous, sights: survey.sights,
                unfinished: outlook.unfinished, selection: outlook.selection,
                policy: policy, policies: desired.policies,
                allowedDeletes: request.allowedDeletes, guarding: desired.guarding,
                leaving: request.leaving, rollout: desired.settings.rollout,
                protections: outlook.protections, windows: desired.settings.windows,
                now: request.now))
        return PreparedPlan(
            plan: plan, desired: desired, survey: survey, inventory: outlook.inventory,
            outlook: outlook)
    }

    /// The servers that git declares, and the databases of apps: those are reached whether git
    /// still declares their app or not.
    private static func places(_ desired: DesiredState, _ inventory: [InventoryEntry])
        -> Set<String>
    {
        Set(desired.servers.keys).union(inventory.map(\.server).filter(Place.isDatabase))
    }

    /// What is desired of a resource, and where.
    private struct Version: Equatable {
        var server: String
        var digest: Digest
    }

    /// Writes down what a plan's look saw; see `status`. What was seen as `known` says is left out.
    package func remember(
        _ prepared: PreparedPlan, besides known: [Address: Digest] = [:]
    ) async throws(Failure) {
        let seconds = Int(prepared.plan.createdAt.timeIntervalSince1970)
        try await store.observed(
            prepared.survey.observations(at: seconds).filter { known[$0.address] != $0.digest },
            hosts: prepared.survey.hostSightings(at: seconds))
    }

    func observer(for desired: DesiredState) -> HostObserver {
        HostObserver(
            pool: pool, desk: DatabaseDesk(store: store),
            parallelism: desired.settings.reconcile.parallelism)
    }

    /// What the inventory keeps, as resources. What this version can't read is left out; the plan
    /// then calls it unknown.
    private func restored(_ inventory: [InventoryEntry]) -> [Address: any Resource] {
        let kinds = Dictionary(uniqueKeysWithValues: catalog.map { ($0.name, $0) })
        var resources: [Address: any Resource] = [:]
        for entry in inventory {
            let kept = KeptResource(
                address: entry.address, server: entry.server, declaration: entry.declaration)
            resources[entry.address] = try? kinds[entry.kind]?.restore(kept)
        }
        return resources
    }

    private static func subjects(
        _ resources: [any Resource], removals: [any Resource], unfinished: Set<Address>,
        selection: Selection
    ) -> [Address: Survey.Subject] {
        var subjects: [Address: Survey.Subject] = [:]
        for (resource, isRemoval) in resources.map({ ($0, false) }) + removals.map({ ($0, true) })
        where selection.includes(resource.address, on: resource.server) {
            subjects[resource.address] = Survey.Subject(
                resource: resource,
                intent: Intent(
                    isRemoval: isRemoval, isUnfinished: unfinished.contains(resource.address)))
        }
        return subjects
    }
}
