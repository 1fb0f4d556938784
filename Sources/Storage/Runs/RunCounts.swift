/// How many resources of a run ended how.
package struct RunCounts: Sendable, Equatable, Codable {
    package var created = 0
    package var updated = 0
    package var deleted = 0
    package var drifted = 0
    package var failed = 0
    package var unknown = 0
    package var unchanged = 0

    package init() {}
}
