package import Resources

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
    ]
}
