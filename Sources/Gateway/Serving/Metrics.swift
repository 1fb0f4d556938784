import NIOHTTP1
import Synchronization

/// Counts requests, for `/metrics`; each thread counts for itself.
///
/// Source: prometheus.io/docs/instrumenting/exposition_formats.
final class Metrics: Sendable {
    fileprivate struct Key: Hashable {
        var app: String
        var method: String
        var status: Int
    }

    fileprivate struct Series {
        var buckets = [Int](repeating: 0, count: Metrics.bounds.count + 1)
        var nanoseconds = 0
        var count = 0

        mutating func add(_ nanoseconds: Int, bucket: Int) {
            buckets[bucket] += 1
            self.nanoseconds += nanoseconds
            count += 1
        }

        mutating func add(_ other: Series) {
            for bucket in buckets.indices { buckets[bucket] += other.buckets[bucket] }
            nanoseconds += other.nanoseconds
            count += other.count
        }
    }

    /// The counts of one thread.
    final class Lane: Sendable {
        fileprivate let series = Mutex<[Key: Series]>([:])

        func add(app: String, method: HTTPMethod, status: Int, nanoseconds: Int) {
            let seconds = Double(nanoseconds) / 1e9
            let bucket = Metrics.bounds.firstIndex { seconds <= $0 } ?? Metrics.bounds.count
            let key = Key(app: app, method: Metrics.name(of: method), status: status)
            series.withLock { series in
                series[key, default: Series()].add(nanoseconds, bucket: bucket)
            }
        }
    }

    /// The upper bounds of the histogram's buckets, in seconds.
    private static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5]
    let lanes: [Lane]

    /// - Parameter threads: how many threads count.
    init(threads: Int) {
        lanes = (0..<threads).map { _ in Lane() }
    }

    /// A method that nobody knows doesn't make a series of its own.
    private static func name(of method: HTTPMethod) -> String {
        switch method {
        case .GET, .POST, .PUT, .PATCH, .DELETE, .OPTIONS, .HEAD: method.rawValue
        default: "OTHER"
        }
    }

    /// The text that Prometheus reads.
    func text(apps: Int) -> String {
        var sums: [Key: Series] = [:]
        for lane in lanes {
            for (key, series) in lane.series.withLock({ $0 }) {
                sums[key, default: Series()].add(series)
            }
        }
        let all = sums.sorted { left, right in
            (left.key.app, left.key.method, left.key.status)
                < (right.key.app, right.key.method, right.key.status)
        }
        let name = "stead_gateway_request_duration_seconds"
        var text = "# TYPE stead_gateway_apps gauge\nstead_gateway_apps \(apps)\n"
        text += "# TYPE \(name) histogram\n"
        for (key, series) in all {
            let labels =
                "app=\"\(key.app)\",method=\"\(key.method)\",status=\"\(key.status)\""
            var sum = 0
            for (index, bound) in Self.bounds.enumerated() {
                sum += series.buckets[index]
                text += "\(name)_bucket{\(labels),le=\"\(bound)\"} \(sum)\n"
            }
            text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(series.count)\n"
            text += "\(name)_sum{\(labels)} \(Double(series.nanoseconds) / 1e9)\n"
            text += "\(name)_count{\(labels)} \(series.count)\n"
        }
        return text
    }
}
