import FoundationEssentials
import Planning
import Resources

extension PlanInput {
    /// A fleet with one server, on which nothing was seen.
    static func sample(_ resources: [FakeFile]) -> PlanInput {
        PlanInput(
            revision: Revision(id: "0123456789"), source: ".", resources: resources,
            servers: ["in3", "in4"], sights: [:], now: Date(timeIntervalSince1970: 1_735_689_600))
    }

    /// The hosts hold none of `files`.
    mutating func seeNothing(of files: [FakeFile]) {
        for file in files { sights[file.address] = .seen(file.assessment(of: nil)) }
    }

    /// The files were applied, have left git, and are still there.
    mutating func remove(_ files: [FakeFile]) {
        removals += files
        inventory += files.map { $0.entry() }
        for file in files {
            sights[file.address] = .seen(file.assessment(of: file.desired, isRemoval: true))
        }
    }
}
