import Resources
import Testing

@testable import Planning

/// Who gets a commit when.
@Suite struct RolloutCourseTests {
    private func settings(
        _ groups: [[String: String]], max: Settings.Rollout.Share = .percent(100)
    ) -> Settings.Rollout {
        var settings = Settings.Rollout()
        settings.groups = groups
        settings.max = max
        return settings
    }

    @Test("a server is in the first group whose labels it has; the others are the last group")
    func groups() {
        let servers = [
            "a": ["tier": "canary", "site": "paris"], "b": ["site": "paris"], "c": [:], "d": [:],
        ]
        let course = RolloutCourse(
            settings([["tier": "canary"], ["site": "paris"]]), servers: servers,
            changing: ["a", "b", "c", "d", "database:shop"])
        #expect(course.groups.map(\.places) == [["a"], ["b"], ["c", "d"], ["database:shop"]])
        #expect(course.title(ofGroup: 0) == "group 1 of 4 (tier=canary)")
        #expect(course.title(ofGroup: 2) == "group 3 of 4 (the other servers)")
        #expect(course.title(ofGroup: 3) == "group 4 of 4 (databases)")
    }

    @Test("all labels of a group are asked for")
    func allLabels() {
        let course = RolloutCourse(
            settings([["tier": "canary", "site": "paris"]]),
            servers: ["a": ["tier": "canary"], "b": ["tier": "canary", "site": "paris"]],
            changing: ["a", "b"])
        #expect(course.groups.map(\.places) == [["b"], ["a"]])
        #expect(course.groups[0].title == "site=paris, tier=canary")
    }

    @Test("only places that change have a turn, and a group without any is none")
    func unchanged() {
        let course = RolloutCourse(
            settings([["tier": "canary"]]), servers: ["a": ["tier": "canary"], "b": [:], "c": [:]],
            changing: ["c"])
        #expect(course.groups.map(\.places) == [["c"]])
        #expect(course.title(ofGroup: 0) == "group 1 of 1 (the other servers)")
        let nothing = RolloutCourse(settings([]), servers: ["a": [:]], changing: [])
        #expect(nothing.batches.isEmpty)
    }

    @Test("so many of a group have their turn together, and never fewer than one")
    func batches() {
        let servers =
            Dictionary(uniqueKeysWithValues: (1...8).map { ("h\($0)", [:]) })
            as [String: [String: String]]
        func sizes(_ max: Settings.Rollout.Share) -> [Int] {
            RolloutCourse(settings([], max: max), servers: servers, changing: Set(servers.keys))
                .batches.map(\.places.count)
        }
        #expect(sizes(.percent(100)) == [8])
        #expect(sizes(.percent(25)) == [2, 2, 2, 2])
        #expect(sizes(.percent(40)) == [3, 3, 2])
        #expect(sizes(.percent(1)) == Array(repeating: 1, count: 8))
        #expect(sizes(.count(5)) == [5, 3])
    }
}
