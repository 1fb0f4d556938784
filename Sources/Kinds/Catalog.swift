package import Resources
package import Schemas

/// Every kind there is, one line each.
package enum Catalog {
    /// In the order in which `stead explain` lists them.
    package static let kinds: [KindEntry] = [
        KindEntry(Server.self),
        KindEntry(NginxSite.self),
        KindEntry(CronJob.self),
        KindEntry(File.self),
        KindEntry(App.self),
        KindEntry(AppSchema.self),
        KindEntry(Query.self),
        KindEntry(Policy.self),
    ]

    /// What the gateway would serve of an app; nil for a resource that is no app.
    package static func release(of resource: any Resource) -> Release? {
        (resource as? Resolved<App>)?.desired.release
    }
}

extension Catalog {
    /// The kinds that can describe what is there.
    package static let adopters: [any Adopter.Type] = [NginxSite.self, CronJob.self, File.self]
}
