/// Something on a server that only one resource may own, such as a path or a domain.
package struct Claim: Sendable, Hashable {
    /// What is claimed; equal values in different spaces do not meet.
    package enum Space: String, Sendable, Hashable {
        case path
        case domain
        case unit
    }

    package var space: Space
    package var value: String
    /// The document's field that makes the claim, for the error's place.
    package var field: String

    package init(_ space: Space, _ value: String, field: String) {
        self.space = space
        self.value = value
        self.field = field
    }

    package static func == (left: Claim, right: Claim) -> Bool {
        left.space == right.space && left.value == right.value
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(space)
        hasher.combine(value)
    }
}
