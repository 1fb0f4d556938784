package import Controlling
import Resources
import Storage
import Synchronization

/// Counts what the controller does, for `/metrics`.
///
/// Source: prometheus.io/docs/instrumenting/exposition_formats and …/practices/naming.
package final class ControllerMetrics: Sendable {
    private struct ChangeKey: Hashable {
        var kind: String
        var server: String
        var isSuccess: Bool
    }

    private struct Counts {
        var changes: [ChangeKey: Int] = [:]
        var occurrences: [Occurrence.Sort: Int] = [:]
        var looks: [String: Int] = [:]
        var failedLooks: [String: Int] = [:]
        var lastLook: [String: Int] = [:]
        var rounds = Histogram()
    }

    private let counts = Mutex(Counts())

    package init() {}

    /// Takes what a run tells; the clock tells seconds since 1970.
    package func take(_ event: RunEvent, now: Int) {
        counts.withLock { counts in
            switch event {
            case .hostObserved(let server, nil):
                counts.looks[server, default: 0] += 1
                counts.lastLook[server] = now
            case .hostObserved(let server, _):
                counts.looks[server, default: 0] += 1
                counts.failedLooks[server, default: 0] += 1
            case .outcome(let server, let address, let outcome):
                let key = ChangeKey(
                    kind: address.kind, server: server, isSuccess: outcome.isSuccess)
                counts.changes[key, default: 0] += 1
            case .settled(_, let seconds): counts.rounds.add(seconds)
            default: break
            }
        }
    }

    /// Takes what happened.
    package func take(_ occurrence: Occurrence) {
        counts.withLock { $0.occurrences[occurrence.sort, default: 0] += 1 }
    }

    /// The text that Prometheus reads.
    func text(_ snapshot: Controller.Snapshot, conditions: [Condition]) -> String {
        let counts = counts.withLock { $0 }
        var page = MetricsPage()
        page.gauge("stead_controller_ready", "Whether a commit is in force.") {
            [([], snapshot.isReady ? 1 : 0)]
        }
        page.gauge("stead_controller_servers", "Places that git declares something for.") {
            [([], snapshot.servers)]
        }
        page.gauge("stead_controller_servers_reached", "Those that have reached the commit.") {
            [([], snapshot.reached)]
        }
        page.gauge("stead_controller_servers_busy", "Those that are being worked on.") {
            [([], snapshot.busy.count)]
        }
        page.gauge("stead_controller_commit_info", "The commit that is to be reached.") {
            [([("revision", snapshot.target?.id ?? "")], 1)]
        }
        page.gauge("stead_controller_conditions", "What is not as it should be.") {
            Condition.State.allCases.map { state in
                ([("state", state.rawValue)], conditions.count { $0.state == state })
            }
        }
        page.gauge("stead_controller_rollout_stopped", "Whether a rollout was stopped.") {
            [([], [nil, .rolling].contains(snapshot.rollout?.state) ? 0 : 1)]
        }
        page.counter("stead_controller_changes_total", "Changes to resources, by how they ended.") {
            counts.changes.map { key, count in
                (
                    [
                        ("kind", key.kind), ("server", key.server),
                        ("result", key.isSuccess ? "success" : "failure"),
                    ], count
                )
            }
        }
        page.counter("stead_controller_events_total", "What a person may want to be told.") {
            Occurrence.Sort.allCases.map { sort in
                ([("event", sort.rawValue)], counts.occurrences[sort] ?? 0)
            }
        }
        page.counter("stead_host_looks_total", "Looks at a host.") {
            counts.looks.map { ([("server", $0)], $1) }
        }
        page.counter("stead_host_look_failures_total", "Looks that a host did not answer.") {
            counts.looks.map { ([("server", $0.key)], counts.failedLooks[$0.key] ?? 0) }
        }
        page.gauge(
            "stead_host_last_look_timestamp_seconds", "When a host last answered, since 1970."
        ) {
            counts.lastLook.map { ([("server", $0)], $1) }
        }
        page.histogram(
            "stead_controller_round_duration_seconds",
            "From a round's start until its hosts are settled.", counts.rounds)
        return page.text
    }
}

/// How often values fell under some bounds.
struct Histogram: Sendable {
    /// In seconds.
    static let bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

    private(set) var buckets = [Int](repeating: 0, count: bounds.count)
    private(set) var count = 0
    private(set) var sum = 0.0

    mutating func add(_ value: Double) {
        for (index, bound) in Self.bounds.enumerated() where value <= bound { buckets[index] += 1 }
        count += 1
        sum += value
    }
}

/// Prometheus' text, metric by metric.
struct MetricsPage {
    typealias Samples = [(labels: [(String, String)], value: Int)]

    private(set) var text = ""

    mutating func gauge(_ name: String, _ help: String, _ samples: () -> Samples) {
        add(name, "gauge", help, samples())
    }

    mutating func counter(_ name: String, _ help: String, _ samples: () -> Samples) {
        add(name, "counter", help, samples())
    }

    mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
        for (bound, count) in zip(Histogram.bounds, histogram.buckets) {
            text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n"
        }
        text += "\(name)_bucket{le=\"+Inf\"} \(histogram.count)\n"
        text += "\(name)_sum \(histogram.sum)\n\(name)_count \(histogram.count)\n"
    }

    private mutating func add(_ name: String, _ type: String, _ help: String, _ samples: Samples) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        let lines = samples.map { labels, value in
            let told = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            return "\(name)\(told.isEmpty ? "" : "{\(told)}") \(value)\n"
        }
        text += lines.sorted().joined()
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }
}
