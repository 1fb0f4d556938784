import Resources

/// Sites that are on a server already, described as they are.
extension NginxSite: Adopter {
    static let folder = "sites"

    static func folders(_ request: AdoptionRequest) -> [String] {
        ["sites-available", "sites-enabled", "conf.d", "http.d"].map {
            "\(request.spec.nginx.directory)/\($0)"
        }
    }

    static func looks(_ request: AdoptionRequest, _ listing: FolderListing) -> [Look] {
        let folders = folders(request)
        return folders.map { .file(path: $0, expected: nil) }
            + folders.flatMap(listing.paths).map { .file(path: $0, expected: nil) }
    }

    static func adopt(
        _ request: AdoptionRequest, _ listing: FolderListing, _ output: ProbeOutput
    ) -> Adoption {
        SiteAdoption(request: request, listing: listing, output: output).adoption
    }
}

/// Goes through a server's sites.
private struct SiteAdoption {
    let request: AdoptionRequest
    let listing: FolderListing
    let output: ProbeOutput
    private var directory: String { request.spec.nginx.directory }

    init(request: AdoptionRequest, listing: FolderListing, output: ProbeOutput) {
        self.request = request
        self.listing = listing
        self.output = output
    }

    var adoption: Adoption {
        var adoption = Adoption()
        // A domain is one document's: the first site has it.
        var taken = Set(request.claimed.keys.filter { $0.space == .domain }.map(\.value))
        for folder in NginxSite.folders(request) {
            for path in listing.paths(in: folder) {
                switch site(at: path, in: folder, &taken) {
                case .success(nil): continue
                case .success(let document?): adoption.documents.append(document)
                case .failure(let refusal): adoption.left.append(refusal.left)
                }
            }
        }
        return adoption
    }

    private struct Refusal: Error {
        var left: LeftOut
    }

    private func site(
        at path: String, in folder: String, _ taken: inout Set<String>
    ) -> Result<AdoptedDocument?, Refusal> {
        let name = String(path.dropFirst(folder.utf8.count + 1))
        if let owner = request.owner(ofPath: path) {
            return refuse(LeftOut(path, "is declared already, by \(owner)"))
        }
        let kind = String(folder.dropFirst(directory.utf8.count + 1))
        let sighting = output.paths[path] ?? .unreadable(reason: "the host did not say what it is")
        if kind == "sites-enabled", case .link(let target) = sighting {
            return enabling(path, target)
        }
        if name.hasPrefix(".") { return refuse(.file(path, "is hidden, and no site", sighting)) }
        switch readable(path, sighting) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let text):
            if kind == "conf.d" || kind == "http.d" {
                guard name.hasSuffix(".conf") else {
                    return refuse(
                        .file(path, "is not read by nginx: it does not end in .conf", sighting))
                }
                guard NginxText(text).hasServer else {
                    return refuse(.file(path, "holds no `server`, and so no site", sighting))
                }
            }
            return site(path, kind, name, text, &taken)
        }
    }

    private func site(
        _ path: String, _ kind: String, _ name: String, _ text: String,
        _ taken: inout Set<String>
    ) -> Result<AdoptedDocument?, Refusal> {
        var isEnabled = true
        if kind == "sites-available" {
            let links = links(to: path)
            isEnabled = !links.isEmpty
            let own = "\(directory)/sites-enabled/\(name)"
            if let other = links.first(where: { $0 != own }) {
                return refuse(
                    .file(path, "is enabled under another name, by \(other)", output.paths[path]))
            }
            if !isEnabled, listing.names["\(directory)/sites-enabled"]?.contains(name) == true {
                return refuse(.file(path, "is not what \(own) is", output.paths[path]))
            }
        }
        let secret = AdoptedFile.secret(in: text)
        if let secret, !request.includesSecrets { return refuse(.secret(path, secret)) }
        let title = name.hasSuffix(".conf") ? String(name.dropLast(5)) : name
        let site = AdoptedName.kebab(title, fallback: "site")
        let parsed = NginxText(text)
        let domains = parsed.domains.filter { taken.insert($0).inserted }
        var fields: [(name: String, value: WrittenValue)] = [("server", .text(request.server))]
        if let domain = domains.first { fields.append(("domain", .text(domain))) }
        if domains.count > 1 {
            fields.append(("aliases", .list(domains.dropFirst().map(WrittenValue.text))))
        }
        // Always written: the name in the repository may be another than the file's.
        fields.append(("file", .text("\(kind)/\(name)")))
        if !isEnabled { fields.append(("enabled", .plain("false"))) }
        fields.append(("content", .text(text)))
        var document = AdoptedDocument(
            NginxSite.name, names: [site, "\(site)-\(request.server)"], source: path,
            fields: fields)
        document.isSecret = secret != nil
        if !parsed.includes.isEmpty {
            document.notes.append(
                "includes \(parsed.includes.joined(separator: ", ")), which no document describes")
        }
        return .success(document)
    }

    /// The links in `sites-enabled` that lead to a file.
    private func links(to path: String) -> [String] {
        listing.paths(in: "\(directory)/sites-enabled").filter { link in
            guard case .link(let target) = output.paths[link] else { return false }
            return resolved(target, from: link) == path
        }
    }

    /// A link is part of the site that it enables, if that is one.
    private func enabling(_ link: String, _ target: String)
        -> Result<AdoptedDocument?, Refusal>
    {
        let path = resolved(target, from: link)
        let available = listing.paths(in: "\(directory)/sites-available")
        if available.contains(path) { return .success(nil) }
        return refuse(
            LeftOut(link, "is a link to \(path), which is not in \(directory)/sites-available"))
    }

    /// By the text alone: whether it leads there by another way is seen when it is planned.
    private func resolved(_ target: String, from link: String) -> String {
        let folder = link.split(separator: "/").dropLast()
        let parts =
            target.hasPrefix("/")
            ? target.split(separator: "/") : folder + target.split(separator: "/")
        var path: [Substring] = []
        for part in parts where part != "." {
            if part == ".." { _ = path.popLast() } else { path.append(part) }
        }
        return "/" + path.joined(separator: "/")
    }

    /// The text of a file that nginx may be given as it is.
    private func readable(_ path: String, _ sighting: Sighting) -> Result<String, Refusal> {
        switch AdoptedFile.text(of: path, sighting) {
        case .failure(let refusal): return .failure(Refusal(left: refusal.left))
        case .success(let (text, status)):
            guard status.mode == 0o644 else {
                let mode = FileTarget.octal(status.mode)
                return .failure(
                    Refusal(
                        left: .file(
                            path, "has mode \(mode), and a site's file has 0644", sighting)))
            }
            guard status.userID == 0 else {
                return .failure(
                    Refusal(
                        left: .file(
                            path, "belongs to \(status.owner), and nginx reads it as root", sighting
                        )))
            }
            return .success(text)
        }
    }

    private func refuse(_ left: LeftOut) -> Result<AdoptedDocument?, Refusal> {
        .failure(Refusal(left: left))
    }
}
