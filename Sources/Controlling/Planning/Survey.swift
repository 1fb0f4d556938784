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
            return resource.looks.map { look in
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

    /// Looks at every host that one of the subjects lives on.
    mutating func look(
        along routes: Routes, with observer: HostObserver,
        finished: @escaping @Sendable (String, Failure?) -> Void
    ) async {
        let byServer = Dictionary(grouping: subjects.values) { $0.resource.server }
        await observer.observe(byServer.keys.sorted().compactMap(routes.place)) { place in
            (byServer[place.name] ?? []).flatMap(\.looks)
        } read: { place, result in
            Self.read(result, of: byServer[place.name] ?? [])
        } take: { place, reading in
            hosts[place.name] = .some(reading.failure)
            for (address, sight) in reading.sights { sights[address] = sight }
            finished(place.name, reading.failure)
        }
    }

    /// What a host's answer says of the subjects on it.
    private struct Reading {
        var failure: Failure?
        var sights: [(Address, Sight)]
    }

    private static func read(
        _ result: Result<ProbeOutput, Failure>, of subjects: [Subject]
    ) -> Reading {
        switch result {
        case .failure(let failure):
            Reading(
                failure: failure,
                sights: subjects.map { ($0.resource.address, .unknown(failure)) })
        case .success(let output):
            Reading(sights: subjects.map { ($0.resource.address, sight(of: $0, in: output)) })
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
