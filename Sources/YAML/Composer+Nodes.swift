import Diagnostics

extension Composer {
    mutating func compose(_ event: Event, depth: Int) throws(Problem) -> Composed {
        guard let anchor = event.anchor else { return try value(of: event, depth: depth) }
        anchors[anchor] = .open
        let before = nodeCount
        let composed = try value(of: event, depth: depth)
        anchors[anchor] = .closed(composed, count: nodeCount - before)
        return composed
    }

    private mutating func value(of event: Event, depth: Int) throws(Problem) -> Composed {
        if case .alias(let name) = event.body { return try alias(name, event, depth: depth) }
        nodeCount += 1
        guard nodeCount <= limits.nodes else {
            throw Problem(
                .yamlTooLarge, at: lines.mark(event.start),
                "this document has more than \(limits.nodes) values")
        }
        try checkDepth(depth, event)
        switch event.body {
        case .scalar(let scalar, let isBlock):
            let mark = lines.mark(from: event.start, to: event.end, isBlock: isBlock)
            return Composed(node: Node(.scalar(try resolve(scalar, event.tag, mark)), at: mark))
        case .sequenceStart: return try sequence(event, depth: depth)
        case .mappingStart: return try mapping(event, depth: depth)
        default:
            let nothing = Node.Value.scalar(Scalar("", isPlain: true))
            return Composed(node: Node(nothing, at: lines.mark(event.start)))
        }
    }

    func checkDepth(_ depth: Int, _ event: Event) throws(Problem) {
        guard depth > limits.depth else { return }
        throw Problem(
            .yamlTooDeep, at: lines.mark(event.start),
            "this is nested more than \(limits.depth) levels deep")
    }

    private mutating func sequence(_ start: Event, depth: Int) throws(Problem) -> Composed {
        try check(start.tag, .sequence, lines.mark(start.start))
        var nodes: [Node] = []
        var height = 0
        while true {
            let event = try next()
            if case .sequenceEnd = event.body {
                let mark = collectionMark(start, event)
                return Composed(node: Node(.sequence(nodes), at: mark), height: height + 1)
            }
            let composed = try compose(event, depth: depth + 1)
            height = max(height, composed.height)
            nodes.append(composed.node)
        }
    }

    private mutating func mapping(_ start: Event, depth: Int) throws(Problem) -> Composed {
        try check(start.tag, .mapping, lines.mark(start.start))
        var pairs: [Node.Pair] = []
        var keys = KeySet()
        var height = 0
        while true {
            let event = try next()
            if case .mappingEnd = event.body {
                let mark = collectionMark(start, event)
                return Composed(node: Node(.mapping(pairs), at: mark), height: height + 1)
            }
            let key = try compose(event, depth: depth + 1)
            let value = try compose(try next(), depth: depth + 1)
            height = max(height, key.height, value.height)
            guard try checkKey(key.node, &keys) else { continue }
            pairs.append(Node.Pair(key: key.node, value: value.node))
        }
    }

    /// A flow collection reaches to its bracket; a block collection is marked by its start alone.
    private mutating func collectionMark(_ start: Event, _ end: Event) -> Mark {
        let isFlow = end.end.index > end.start.index
        return isFlow ? lines.mark(from: start.start, to: end.end) : lines.mark(start.start)
    }

    /// False for a key that can't be taken.
    private mutating func checkKey(_ key: Node, _ keys: inout KeySet) throws(Problem) -> Bool {
        guard let text = key.text else {
            try report(
                Problem(
                    .yamlKey, at: key.mark, "a key must be a scalar, found \(key.shape)",
                    fix: "to write text that begins with `{` or `[`, put it in quotes"))
            return false
        }
        guard !text.isEmpty else {
            try report(Problem(.yamlKey, at: key.mark, "this key is empty"))
            return false
        }
        guard let first = keys.insert(text, key.mark) else { return true }
        try report(
            Problem(
                .yamlDuplicateKey, at: key.mark, "the key `\(text)` is written twice",
                fix: "keep one of them",
                related: .init(first, "`\(text)` is first written here")))
        return false
    }
}
