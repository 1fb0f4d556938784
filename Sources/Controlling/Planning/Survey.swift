import Diagnostics
import Remote
import Resources
import Storage

/// One look at everything a plan needs: which hosts, which resources on them, what was seen.
struct Survey: Sendable {
    /// A resource, and what it is looked at for.
    struct Subject: Sendable {
        var resource: any Resource
        var intent: Intent

        /// What to look at. A file that is to be deleted is fetched even if it is as Stead left
        /// it: the plan shows what will be lost.
        var looks: [Look] {
            guard intent.isRemoval else { return resource.looks }
            return resource.removalLooks.map { look in
                guard case .file(let path, _) = look else { return look }
                return .file(path: path, expected: nil)
            }
        }
    }

    /// Every resource of git and every removal, by address.
    let subjects: [Address: Subject]
    private(set) var sights: [Address: Sight] = [:]
    /// What each host did: nil when it answered.
    private(set) var hosts: [String: Failure?] = [:]

    init(subjects: [Address: Subject]) {
        self.subjects = subjects
    }

    /// The names of the places that the subjects live on, and of those that were looked at.
    var servers: Set<String> {
        Set(subjects.values.map(\.resource.server)).union(hosts.keys)
    }

    /// The same for some places alone.
    func narrowed(to servers: Set<String>) -> Survey {
        var result = Survey(
            subjects: subjects.filter { servers.contains($0.value.resource.server) })
        result.sights = sights.filter { result.subjects[$0.key] != nil }
        result.hosts = hosts.filter { servers.contains($0.key) }
        return result
    }

    /// The places that the subjects live on.
    func places(along routes: Routes) -> [Place] {
        Set(subjects.values.map(\.resource.server)).sorted().compactMap(routes.place)
    }

    /// Looks at every host that one of the subjects lives on.
    mutating func look(
        along routes: Routes, with observer: HostObserver,
        finished: @escaping @Sendable (String, Failure?) -> Void
    ) async {
        for await reading in readings(along: routes, with: observer) {
            take(reading)
            finished(reading.server, reading.failure)
        }
    }

    /// What each host's answer says, as it comes. The looks go on until all have answered, or
    /// nobody reads any more.
    func readings(along routes: Routes, with observer: HostObserver) -> AsyncStream<Reading> {
        let byServer = Dictionary(grouping: subjects.values) { $0.resource.server }
        let places = places(along: routes)
        return AsyncStream { continuation in
            let task = Task {
                await observer.observe(places) { place in
                    (byServer[place.name] ?? []).flatMap(\.looks)
                } read: { place, result in
                    Self.read(result, from: place.name, of: byServer[place.name] ?? [])
                } take: { _, reading in
                    continuation.yield(reading)
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    mutating func take(_ reading: Reading) {
        hosts[reading.server] = .some(reading.failure)
        for (address, sight) in reading.sights { sights[address] = sight }
    }

    /// What a host's answer says of the subjects on it.
    struct Reading: Sendable {
        var server: String
        var failure: Failure?
        var sights: [(Address, Sight)]
    }

    private static func read(
        _ result: Result<ProbeOutput, Failure>, from server: String, of subjects: [Subject]
    ) -> Reading {
        switch result {
        case .failure(let failure):
            Reading(
                server: server, failure: failure,
                sights: subjects.map { ($0.resource.address, .unknown(failure)) })
        case .success(let output):
            Reading(
                server: server,
                sights: subjects.map { ($0.resource.address, sight(of: $0, in: output)) })
        }
    }

    private static func sight(of subject: Subject, in output: ProbeOutput) -> Sight {
        do throws(Failure) {
            return .seen(try subject.resource.assess(output, subject.intent))
        } catch {
            return .unknown(error)
        }
    }

    /// What was seen of each resource; those that could not be observed are left out.
    func observations(at seconds: Int) -> [ObservedResource] {
        sights.compactMap { address, sight in
            guard case .seen(let assessment) = sight else { return nil }
            return ObservedResource(
                address: address, digest: assessment.observedDigest, body: assessment.observation,
                observedAt: seconds)
        }
    }

    /// Which hosts answered, and why the others did not.
    func hostSightings(at seconds: Int) -> [HostSighting] {
        hosts.map { server, failure in
            HostSighting(server: server, failure: failure?.report.message, at: seconds)
        }
    }
}
