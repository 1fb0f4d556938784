import Schemas
import Synchronization

/// The apps that are served, by host and base path.
///
/// Replaced as a whole: a request keeps the apps that it began with.
final class AppDirectory: Sendable {
    /// One state of it.
    struct Listing: Sendable {
        /// By domain; `*` for those that answer to all. The longest base path first.
        private var byHost: [String: [ServedApp]] = [:]
        private var hasWildcards: Bool
        /// By name.
        private(set) var apps: [String: ServedApp] = [:]

        init(_ apps: [String: ServedApp] = [:]) {
            self.apps = apps
            hasWildcards = apps.values.contains { app in
                app.release.app.hosts.contains { $0.hasPrefix("*.") }
            }
            for app in apps.values.sorted(by: { $0.name < $1.name }) {
                let hosts = app.release.app.hosts
                for host in hosts.isEmpty ? ["*"] : hosts {
                    byHost[host, default: []].append(app)
                }
            }
            for host in byHost.keys {
                byHost[host]?.sort { left, right in
                    left.release.app.basePath.utf8.count > right.release.app.basePath.utf8.count
                }
            }
        }

        /// The app that answers to a host and a path; nil when none does.
        func app(host: String, path: Substring) -> ServedApp? {
            Self.app(path, among: byHost[host] ?? wildcard(host))
                ?? Self.app(path, among: byHost["*"] ?? [])
        }

        private static func app(_ path: Substring, among apps: [ServedApp]) -> ServedApp? {
            apps.first { app in
                let base = app.release.app.basePath
                guard base != "/" else { return true }
                guard path.utf8.starts(with: base.utf8) else { return false }
                let next = path.utf8.dropFirst(base.utf8.count).first
                return next == nil || next == UInt8(ascii: "/")
            }
        }

        /// Those of `*.example.com`.
        private func wildcard(_ host: String) -> [ServedApp] {
            guard hasWildcards, let point = host.firstIndex(of: ".") else { return [] }
            return byHost["*" + host[point...]] ?? []
        }
    }

    private let listing = Mutex<Listing?>(nil)

    var current: Listing { listing.withLock { $0 } ?? Listing() }

    /// Whether the releases were read once.
    var isReady: Bool { listing.withLock { $0 != nil } }

    func replace(_ apps: [String: ServedApp]) {
        listing.withLock { $0 = Listing(apps) }
    }
}
