import Diagnostics
import Resources

/// A site of a server's nginx: a file in `sites-available`, and a link to it in `sites-enabled`.
enum NginxSite: Kind {
    static let name: KindName = "NginxSite"

    static func server(of document: Document<NginxSiteSpec>) -> String? { document.spec.server }

    static func references(of document: Document<NginxSiteSpec>) -> [Reference] {
        let spec = document.spec
        let container = spec.container.map {
            Reference(field: "container", to: "Container", $0)
        }
        return [Reference(field: "server", to: "Server", spec.server)]
            + (container.map { [$0] } ?? [])
    }

    static func claims(of desired: NginxSiteDesired) -> [Claim] {
        let domains = desired.domains.enumerated().map { index, domain in
            Claim(.domain, domain, field: index == 0 ? "domain" : "aliases.\(index - 1)")
        }
        let field = desired.place == nil ? "name" : "file"
        let paths = [desired.file.path, desired.link].compactMap(\.self).map {
            Claim(.path, $0, field: field)
        }
        return paths + domains
    }

    static func looks(for desired: NginxSiteDesired) -> [Look] {
        let link = desired.link.map { Look.link(path: $0, target: desired.file.path) }
        // Equal for all sites of a server, and so looked at once.
        let folder = Look.file(path: desired.folder, expected: nil)
        return [desired.file.look, folder] + (link.map { [$0] } ?? [])
    }

    static func observation(of desired: NginxSiteDesired, from output: ProbeOutput)
        throws(Failure) -> NginxSiteObservation?
    {
        let paths = NginxSiteObservation.Paths(file: desired.file.path, link: desired.link)
        let file = PathState(try output.sighting(of: paths.file))
        var link: PathState?
        if let path = paths.link { link = PathState(try output.sighting(of: path)) }
        guard file != nil || link != nil else { return nil }
        let folder = PathState(try output.sighting(of: desired.folder))
        return NginxSiteObservation(
            file: file, link: link, stranger: stranger(file?.status, in: folder?.status),
            paths: paths)
    }

    private static func stranger(_ file: FileStatus?, in folder: FileStatus?) -> String? {
        guard let file, file.userID != 0, file.userID != folder?.userID else { return nil }
        return file.owner
    }

    static func differences(from observed: NginxSiteObservation?, to desired: NginxSiteDesired?)
        -> [Difference]
    {
        fileDifferences(from: observed, to: desired) + linkDifferences(from: observed, to: desired)
    }

    private static func fileDifferences(
        from observed: NginxSiteObservation?, to desired: NginxSiteDesired?
    ) -> [Difference] {
        guard let target = desired?.file else {
            return observed?.file.map {
                [$0.differenceFromNothing(at: observed?.paths.file ?? "")]
            } ?? []
        }
        let stranger = observed?.stranger.map {
            Difference("owner of \(target.path)", .text(old: $0, new: "root"))
        }
        return target.differences(from: observed?.file) + (stranger.map { [$0] } ?? [])
    }

    private static func linkDifferences(
        from observed: NginxSiteObservation?, to desired: NginxSiteDesired?
    ) -> [Difference] {
        let seen = observed?.link
        guard let path = desired?.link ?? observed?.paths.link else { return [] }
        guard let desired, desired.isEnabled else {
            guard let seen else { return [] }
            guard seen.sort == .link else { return [seen.differenceFromNothing(at: path)] }
            return [Difference("link \(path)", .text(old: seen.detail, new: nil))]
        }
        let target = desired.file.path
        guard let seen, seen.sort != .link else {
            return seen?.detail == target
                ? [] : [Difference("link \(path)", .text(old: seen?.detail, new: target))]
        }
        return [Difference("type of \(path)", .text(old: seen.words, new: "symbolic link"))]
    }

    static func steps(for change: Change<NginxSite>) -> [Step] {
        let site = change.declared
        let transaction = site.transaction(on: change.facts)
        let undo = transaction.undoDirectory
        let isFileDue = fileDifferences(from: change.observed, to: change.desired)
            .contains { !$0.isNormalisation }
        let isLinkDue = !linkDifferences(from: change.observed, to: change.desired).isEmpty
        var steps: [Step] = []
        let file = site.file.path
        if isFileDue, change.desired != nil {
            steps.append(
                Step(id: "write \(file)", command: FileCommands.write(site.file, undo: undo)))
        }
        if isLinkDue, let link = site.link {
            let isWanted = change.desired?.isEnabled ?? false
            steps.append(
                Step(
                    id: isWanted ? "link \(link)" : "remove \(link)",
                    command: isWanted
                        ? FileCommands.link(link, to: file, undo: undo)
                        : FileCommands.remove(link, undo: undo)))
        }
        if isFileDue, change.desired == nil {
            steps.append(
                Step(id: "remove \(file)", command: FileCommands.remove(file, undo: undo)))
        }
        // The transaction's commit reloads nginx, once for all sites; this one is owed until it
        // has.
        steps.append(Step(id: "reload nginx", command: Command(":"), leavesTrace: false))
        return steps.map { step in
            var step = step
            step.transaction = transaction
            return step
        }
    }
}
