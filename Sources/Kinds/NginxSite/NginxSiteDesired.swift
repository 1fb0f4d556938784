import Resources

/// A site as it should be on its server.
struct NginxSiteDesired: Sendable, Equatable, Codable {
    var name: String
    var domains: [String]
    var content: Content
    var isEnabled: Bool
    var nginx: NginxSpec
    /// Where the file lies below the folder of nginx's configuration; nil for the usual place.
    var place: String?

    /// The folder of the site's file.
    var folder: String { nginx.directory + "/" + (parts?.folder ?? "sites-available") }

    private var parts: (folder: Substring, name: Substring)? {
        guard let place, let slash = place.lastIndex(of: "/") else { return nil }
        return (place[..<slash], place[place.index(after: slash)...])
    }

    /// The site's own file. Owned by whoever Stead is on the host: root, but where nginx runs
    /// under a user's account.
    var file: FileTarget {
        let name = parts.map { String($0.name) } ?? "\(name).conf"
        return FileTarget(path: "\(folder)/\(name)", content: content, owner: nil, group: nil)
    }

    /// The link that makes nginx read the file; nil for one in a folder that nginx reads whole.
    var link: String? {
        guard let parts else { return "\(nginx.directory)/sites-enabled/\(name).conf" }
        return parts.folder == "sites-available"
            ? "\(nginx.directory)/sites-enabled/\(parts.name)" : nil
    }

    /// What all changes of this nginx are done in.
    func transaction(on host: HostFacts) -> Transaction {
        Transaction(
            id: "nginx \(nginx.directory)", undoDirectory: nginx.directory + "/.stead-undo",
            test: nginx.test, commit: nginx.reload ?? NginxReload.command(on: host))
    }
}
