import Diagnostics
import Remote
import Resources

/// Asks hosts whether resources do their work.
struct HealthDesk: Sendable {
    let pool: ConnectionPool

    /// The most that one question may take, in seconds.
    private static let questionSeconds = 10
    private static let outputBytes = 64 << 10

    /// Asks until every check of the resource says yes, or its deadline has passed since `start`;
    /// each is asked once at least.
    ///
    /// - Returns: why the resource is not healthy, in one line, redacted; nil when it is.
    /// - Throws: when the host can't be asked.
    func complaint(
        about resource: any Resource, along route: HostRoute,
        since start: ContinuousClock.Instant = .now, isPatient: Bool = true
    ) async throws(Failure) -> String? {
        for check in resource.health {
            let end = start + .seconds(isPatient ? check.deadlineSeconds : 0)
            if let reason = try await complaint(of: check, along: route, until: end) {
                let words = String("\(check.title): \(reason)".prefix(300))
                return Redactor.redactedMessage(words)
            }
        }
        return nil
    }

    private func complaint(
        of check: HealthCheck, along route: HostRoute, until end: ContinuousClock.Instant
    ) async throws(Failure) -> String? {
        while true {
            var reason: String?
            var failure: Failure?
            do throws(Failure) {
                reason = try await ask(check, along: route)
                if reason == nil { return nil }
            } catch {
                failure = error
            }
            let next = ContinuousClock.now + .seconds(check.intervalSeconds)
            guard next < end, !Task.isCancelled else {
                if let failure { throw failure }
                return reason
            }
            try? await Task.sleep(until: next, clock: .continuous)
        }
    }

    private func ask(_ check: HealthCheck, along route: HostRoute) async throws(Failure) -> String?
    {
        let seconds = min(Self.questionSeconds, check.deadlineSeconds)
        let script = HealthScript(check, seconds: seconds)
        let limits = RunLimits(timeoutSeconds: seconds + 5, outputBytes: Self.outputBytes)
        let connection = try await pool.connection(to: route)
        let result = try await connection.run(script.text, limits: limits)
        guard result.status != 0 else { return nil }
        let said = result.output.isEmpty ? result.errorOutput : result.output
        let lines = String(decoding: said.suffix(4096), as: UTF8.self).split(separator: "\n")
        return lines.last.map(String.init) ?? "ended with status \(result.status)"
    }
}

extension Engine {
    /// What the checks of some places' resources say now.
    struct Examination: Sendable {
        /// Why each unhealthy one is so.
        var unhealthy: [Address: String] = [:]
        /// Resources whose host could not be asked.
        var unknown: Set<Address> = []
    }

    /// Asks all resources that have checks, hosts side by side; one that can't be asked holds up
    /// nobody. With patience the checks have their deadlines; without it they are asked once.
    func examine(
        _ resources: [any Resource], of desired: DesiredState, isPatient: Bool
    ) async -> Examination {
        let routes = Routes(desired.servers)
        let health = HealthDesk(pool: pool)
        let checked = resources.filter { !$0.health.isEmpty }
        let hosts = Dictionary(grouping: checked, by: \.server)
        var result = Examination()
        await SideBySide.forEach(
            of: Array(hosts.values), limit: desired.settings.reconcile.parallelism
        ) { resources in
            var result = Examination()
            let start = ContinuousClock.now
            for resource in resources {
                guard case .host(let route)? = routes.place(resource.server) else { continue }
                do throws(Failure) {
                    result.unhealthy[resource.address] = try await health.complaint(
                        about: resource, along: route, since: start, isPatient: isPatient)
                } catch {
                    result.unknown.insert(resource.address)
                }
            }
            return result
        } take: { _, part in
            result.unhealthy.merge(part.unhealthy) { first, _ in first }
            result.unknown.formUnion(part.unknown)
        }
        return result
    }
}
