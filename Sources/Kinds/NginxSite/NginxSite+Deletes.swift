import Resources

extension NginxSite {
    static func losses(from observed: NginxSiteObservation, to desired: NginxSiteDesired?)
        -> [Loss]
    {
        guard desired == nil else { return [] }
        return [
            Loss.path(observed.paths.file, observed.file),
            observed.paths.link.flatMap { Loss.path($0, observed.link) },
        ].compactMap(\.self)
    }

    /// The file first: it is put back before the link that has nginx read it.
    static func keepsakes(of desired: NginxSiteDesired) -> [Keepsake] {
        [desired.file.path, desired.link].compactMap(\.self).map { .path($0) }
    }

    static func revival(of desired: NginxSiteDesired, on facts: HostFacts) -> [Step] {
        [
            Step(
                id: "reload nginx", command: Command(":"), leavesTrace: false,
                transaction: desired.transaction(on: facts))
        ]
    }
}
