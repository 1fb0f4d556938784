import Resources

/// A site as it should be on its server.
struct NginxSiteDesired: Sendable, Equatable, Codable {
    var name: String
    var domains: [String]
    var content: Content
    var isEnabled: Bool
    var nginx: NginxSpec

    /// The folder of all sites' files.
    var folder: String { nginx.directory + "/sites-available" }

    /// The site's own file. Owned by whoever Stead is on the host: root, but where nginx runs
    /// under a user's account.
    var file: FileTarget {
        FileTarget(path: "\(folder)/\(name).conf", content: content, owner: nil, group: nil)
    }

    /// The link that makes nginx read the file.
    var link: String { "\(nginx.directory)/sites-enabled/\(name).conf" }

    /// What all changes of this nginx are done in.
    func transaction(on host: HostFacts) -> Transaction {
        Transaction(
            id: "nginx \(nginx.directory)", undoDirectory: nginx.directory + "/.stead-undo",
            test: nginx.test, commit: nginx.reload ?? NginxReload.command(on: host))
    }
}
