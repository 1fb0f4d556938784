import Resources

/// What was seen of a site.
struct NginxSiteObservation: Sendable, Equatable, Codable {
    /// At the site's file.
    var file: PathState?
    /// At its link.
    var link: PathState?
    /// The file's owner, where it is neither root nor the owner of the folder: nginx starts as
    /// root, so whoever can write its configuration is root.
    var stranger: String?
    /// Where both are; part of the declaration, and so not kept.
    var paths = Paths()

    struct Paths: Sendable, Equatable {
        var file = ""
        /// Nil for a site that needs none.
        var link: String?
    }

    private enum CodingKeys: String, CodingKey { case file, link, stranger }
}
