import Resources

/// In which order a plan's changes reach their places.
package struct PlannedRollout: Sendable, Equatable, Codable {
    /// Places that have their turn after those of the group before are healthy.
    package struct Group: Sendable, Equatable, Codable {
        /// `group 1 of 3 (tier=canary)`.
        package let title: String
        package let places: [String]
        /// How many of them at a time.
        package let sideBySide: Int
    }

    package let groups: [Group]

    /// Nil where nothing is rolled out: drift is taken back everywhere at once.
    init?(
        _ settings: Settings.Rollout, _ resources: [any Resource], _ changes: [PlannedChange]
    ) {
        let changing = Set(changes.filter { !$0.isDrift }.map(\.server))
        guard !changing.isEmpty else { return nil }
        let course = RolloutCourse(
            settings, servers: RolloutCourse.labels(in: resources), changing: changing)
        groups = course.groups.enumerated().map { position, group in
            let widths = course.batches.filter { $0.group == position }.map(\.places.count)
            return Group(
                title: course.title(ofGroup: position), places: group.places,
                sideBySide: widths.max() ?? group.places.count)
        }
    }

    /// `Rollout: group 1 of 2 (tier=canary): h1; then group 2 of 2 (…): h2, h3, 1 at a time`.
    package var line: String {
        let words = groups.map { group in
            let more = group.places.count > 4 ? " and \(group.places.count - 4) more" : ""
            let pace =
                group.sideBySide < group.places.count ? ", \(group.sideBySide) at a time" : ""
            return group.title + ": " + group.places.prefix(4).joined(separator: ", ") + more + pace
        }
        return "Rollout: " + words.joined(separator: "; then ")
    }
}
