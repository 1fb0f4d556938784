import Schemas
import Synchronization

/// The apps that are served, by host and base path.
///
/// Replaced as a whole: a request keeps the apps that it began with.
final class AppDirectory: Sendable {
    /// One state of it.
    ///
    /// A class for the same reason as `ServedTable`.
    final class Listing: Sendable {
        /// By domain, the longest base path first.
        private let byHost: [String: [ServedApp]]
        private let hasWildcards: Bool
        /// Those that answer to all domains.
        private let anywhere: [ServedApp]
        /// By name.
        let apps: [String: ServedApp]

        init(_ apps: [String: ServedApp] = [:]) {
            self.apps = apps
            hasWildcards = apps.values.contains { app in
                app.release.app.hosts.contains { $0.hasPrefix("*.") }
            }
            let sorted = apps.values.sorted { left, right in
                (right.release.app.basePath.utf8.count, left.name)
                    < (left.release.app.basePath.utf8.count, right.name)
            }
            var byHost: [String: [ServedApp]] = [:]
            for app in sorted {
                for host in app.release.app.hosts { byHost[host, default: []].append(app) }
            }
            self.byHost = byHost
            anywhere = sorted.filter(\.release.app.hosts.isEmpty)
        }

        /// The app that answers to a host and a path; nil when none does.
        func app(host: String, path: Substring) -> ServedApp? {
            if !byHost.isEmpty,
                let app = Self.app(path, among: byHost[host] ?? wildcard(host))
            {
                return app
            }
            return Self.app(path, among: anywhere)
        }

        private static func app(_ path: Substring, among apps: [ServedApp]) -> ServedApp? {
            apps.first { path.isBelow($0.release.app.basePath) }
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

extension Substring {
    /// Whether a path is a base path or goes on behind it.
    fileprivate func isBelow(_ base: String) -> Bool {
        guard base != "/" else { return true }
        var (path, base) = (self, base)
        return path.withUTF8 { path in
            base.withUTF8 { base in
                path.prefix(base.count).elementsEqual(base)
                    && (path.count == base.count || path[base.count] == UInt8(ascii: "/"))
            }
        }
    }
}
