package import Resources

/// Every kind there is, one line each.
package enum Catalog {
    package static let kinds: [KindEntry] = [
        KindEntry(Server.self),
        KindEntry(NginxSite.self),
        KindEntry(CronJob.self),
        KindEntry(File.self),
    ]
}
