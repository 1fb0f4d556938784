/// Collects what one value encodes.
final class FragmentEncoder: Encoder {
    /// Nil until the value has encoded anything.
    fileprivate(set) var fragment: JSONFragment?
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(_ fragment: JSONFragment? = nil) {
        self.fragment = fragment
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedFragments(members: members))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .array(let elements) = fragment { return UnkeyedFragments(elements: elements) }
        let elements = JSONFragment.Elements()
        fragment = .array(elements)
        return UnkeyedFragments(elements: elements)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleFragment(encoder: self)
    }

    private var members: JSONFragment.Members {
        if case .object(let members) = fragment { return members }
        let members = JSONFragment.Members()
        fragment = .object(members)
        return members
    }
}

private struct KeyedFragments<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let members: JSONFragment.Members
    var codingPath: [any CodingKey] { [] }

    // Most of what is encoded is one of these two.
    func encode(_ value: String, forKey key: Key) { add(.string(value), key) }
    func encode(_ value: Int, forKey key: Key) { add(.integer(Int64(value)), key) }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        add(try JSONFragment(value), key)
    }

    func encodeNil(forKey key: Key) { add(.null, key) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder(forKey: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        let elements = JSONFragment.Elements()
        add(.array(elements), key)
        return UnkeyedFragments(elements: elements)
    }

    func superEncoder() -> any Encoder { object(for: "super") }
    func superEncoder(forKey key: Key) -> any Encoder { encoder(forKey: key) }

    private func encoder(forKey key: Key) -> FragmentEncoder { object(for: key.stringValue) }

    private func object(for key: String) -> FragmentEncoder {
        let object = JSONFragment.object(.init())
        members.list.append((key, object))
        return FragmentEncoder(object)
    }

    private func add(_ value: JSONFragment, _ key: Key) {
        members.list.append((key.stringValue, value))
    }
}

private struct UnkeyedFragments: UnkeyedEncodingContainer {
    let elements: JSONFragment.Elements
    var codingPath: [any CodingKey] { [] }
    var count: Int { elements.list.count }

    func encode(_ value: some Encodable) throws { elements.list.append(try JSONFragment(value)) }
    func encodeNil() { elements.list.append(.null) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        superEncoder().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        let nested = JSONFragment.Elements()
        elements.list.append(.array(nested))
        return UnkeyedFragments(elements: nested)
    }

    func superEncoder() -> any Encoder {
        let object = JSONFragment.object(.init())
        elements.list.append(object)
        return FragmentEncoder(object)
    }
}

private struct SingleFragment: SingleValueEncodingContainer {
    let encoder: FragmentEncoder
    var codingPath: [any CodingKey] { [] }

    func encode(_ value: some Encodable) throws { encoder.fragment = try JSONFragment(value) }
    func encodeNil() { encoder.fragment = .null }
}
