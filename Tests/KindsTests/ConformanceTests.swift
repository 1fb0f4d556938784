import Resources
import Testing

/// What every kind promises, tried on real shells.
@Suite struct ConformanceTests {
    @Test(
        "once applied there is nothing to do", arguments: Sample.all, Shell.all)
    func converges(_ sample: Sample, _ shell: Shell) throws {
        let host = SampleHost(shell, sample.facts)
        for resource in [try sample.resource(), try sample.editedResource()] {
            let before = try host.assess(resource)
            #expect(!before.isConverged)
            try host.perform(before.steps)
            try host.expectDone(resource)
            let again = try host.assess(resource)
            #expect(again.steps.isEmpty)
            #expect(again.observation == (try host.assess(resource).observation))
        }
    }

    @Test("applying twice is applying once", arguments: Sample.all, Shell.all)
    func isIdempotent(_ sample: Sample, _ shell: Shell) throws {
        let host = SampleHost(shell, sample.facts)
        for resource in [try sample.resource(), try sample.editedResource()] {
            let steps = try host.assess(resource).steps
            try host.perform(steps)
            let once = host.snapshot
            try host.perform(steps)
            #expect(host.snapshot == once)
        }
    }

    @Test("deleted, then observed, is nil", arguments: Sample.all, Shell.all)
    func deletes(_ sample: Sample, _ shell: Shell) throws {
        let host = SampleHost(shell, sample.facts)
        let resource = try sample.resource()
        try host.perform(host.assess(resource).steps)
        let removal = try host.assess(resource, Intent(isRemoval: true))
        #expect(!removal.isConverged)
        #expect(removal.exists)
        try host.perform(removal.steps)
        let after = try host.assess(resource, Intent(isRemoval: true))
        #expect(!after.exists)
        #expect(after.differences.isEmpty)
        #expect(after.steps.isEmpty)
    }

    @Test(
        "killed after any step, the next plan finishes the work", arguments: Sample.all,
        Shell.all)
    func survives(_ sample: Sample, _ shell: Shell) throws {
        try Self.interrupt(on: shell, sample, from: nil, to: sample.resource())
        try Self.interrupt(
            on: shell, sample, from: sample.resource(), to: sample.editedResource())
    }

    @Test(
        "a delete that was killed after any step is finished by the next plan",
        arguments: Sample.all, Shell.all)
    func survivesInDelete(_ sample: Sample, _ shell: Shell) throws {
        let resource = try sample.resource()
        try Self.interrupt(
            on: shell, sample, from: resource, to: resource, Intent(isRemoval: true))
    }

    @Test("a resource that the inventory kept is deleted all the same", arguments: Sample.all)
    func restores(_ sample: Sample) throws {
        let host = SampleHost(.dash, sample.facts)
        let resource = try sample.resource()
        try host.perform(host.assess(resource).steps)
        let kept = try Self.restored(resource)
        #expect(kept.desiredDigest == resource.desiredDigest)
        try host.perform(host.assess(kept, Intent(isRemoval: true)).steps)
        #expect(!(try host.assess(kept, Intent(isRemoval: true)).exists))
    }

    @Test("what the templates and values run is never part of a script", arguments: Sample.all)
    func scriptsAreConstant(_ sample: Sample) throws {
        let host = SampleHost(.dash, sample.facts)
        let scripts = try [sample.resource(), sample.editedResource()].map {
            try host.assess($0).steps.map(\.command.script)
        }
        for script in scripts.joined() {
            #expect(!script.contains("sample") && !script.contains("example.com"))
        }
    }
}

extension ConformanceTests {
    /// Runs only the first steps, for every number of them, then what the next plan says.
    private static func interrupt(
        on shell: Shell, _ sample: Sample, from start: (any Resource)?, to end: any Resource,
        _ intent: Intent = Intent()
    ) throws {
        let whole = try host(shell, sample, at: start)
        let steps = try whole.assess(end, intent).steps
        try whole.perform(steps)
        for count in steps.indices {
            let host = try host(shell, sample, at: start)
            try host.perform(Array(steps.prefix(count)), isWhole: false)
            let owed = steps.dropFirst(count).filter { !$0.leavesTrace }
            var later = intent
            later.isUnfinished = !owed.isEmpty
            let rest = try host.assess(end, later).steps
            #expect(
                Set(owed.map(\.id)).isSubset(of: rest.map(\.id)),
                "what is owed after \(count) steps is planned again")
            try host.perform(rest)
            #expect(host.snapshot == whole.snapshot, "killed after \(count) steps")
        }
    }

    private static func host(_ shell: Shell, _ sample: Sample, at start: (any Resource)?) throws
        -> SampleHost
    {
        let host = SampleHost(shell, sample.facts)
        if let start { try host.perform(host.assess(start).steps) }
        return host
    }
}
