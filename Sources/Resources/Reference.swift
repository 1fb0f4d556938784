/// A typed mention of another resource, with the field that makes it.
package struct Reference: Sendable, Hashable {
    package var field: String
    package var address: Address

    package init(field: String, to kind: KindName, _ name: String) {
        self.field = field
        self.address = Address(kind, name)
    }
}
