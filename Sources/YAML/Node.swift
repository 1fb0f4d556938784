/// One value of a YAML document with the place it was written at.
package struct Node: Sendable, Equatable {
    /// The three shapes of YAML.
    package enum Value: Sendable, Equatable {
        case scalar(Scalar)
        case sequence([Node])
        case mapping([Pair])
    }

    /// One entry of a mapping, in the order of the text; keys are always scalars.
    package struct Pair: Sendable, Equatable {
        package var key: Node
        package var value: Node

        package init(key: Node, value: Node) {
            self.key = key
            self.value = value
        }
    }

    package var value: Value
    package var mark: Mark

    package init(_ value: Value, at mark: Mark) {
        self.value = value
        self.mark = mark
    }
}

/// Where a node starts, and how far its first line goes; counts from 1, in Unicode scalars.
package struct Mark: Sendable, Equatable {
    package var line: Int32
    package var column: Int32
    package var length: Int32

    package init(line: Int, column: Int, length: Int = 1) {
        self.line = Int32(clamping: line)
        self.column = Int32(clamping: column)
        self.length = Int32(clamping: max(1, length))
    }
}

extension Node {
    /// "a string", "a list": for "expected X, found Y".
    package var shape: String {
        switch value {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: "nothing"
            case .bool: "a boolean"
            case .int: "an integer"
            case .float: "a number"
            case .string: "a string"
            }
        }
    }

    /// The value under `key`, nil when this is no mapping or has no such key.
    package subscript(key: String) -> Node? {
        guard case .mapping(let pairs) = value else { return nil }
        return pairs.first { $0.key.text == key }?.value
    }

    /// The text of a scalar exactly as written (after unescaping), nil for a collection.
    package var text: String? {
        guard case .scalar(let scalar) = value else { return nil }
        return scalar.text
    }
}
