/// Which templates print which others, and what that comes to.
///
/// Mustache follows inclusions blindly: it would never end, or run out of stack or memory.
struct TemplateInclusions {
    /// What is wrong with a template's inclusions.
    enum Fault: Equatable {
        /// It leads back to itself.
        case circle
        /// It stands on more levels of others than are printed.
        case depth
        /// With all that it includes it prints too much.
        case size
        /// It includes one with a fault, which is reported there.
        case inherited
    }

    /// The most levels of templates within templates.
    static let depthLimit = 32
    /// The most bytes of templates that one may print, each counted as often as it is included.
    static let sizeLimit = 16 << 20

    private let included: [String: [String]]
    private(set) var faults: [String: Fault] = [:]

    private struct Extent {
        var depth: Int
        var size: Int
    }

    /// Follows all inclusions; names that no template has are passed over.
    init(_ templates: [String: (size: Int, included: [String])]) {
        included = templates.mapValues { $0.included.filter { templates[$0] != nil } }
        var includers: [String: [String]] = [:]
        for (name, targets) in included {
            for target in targets { includers[target, default: []].append(name) }
        }
        var waiting = included.mapValues(\.count)
        var ready = included.keys.filter { waiting[$0] == 0 }
        var extents: [String: Extent] = [:]
        while let name = ready.popLast() {
            extents[name] = extent(of: name, size: templates[name]?.size ?? 0, extents)
            for includer in includers[name] ?? [] {
                waiting[includer, default: 0] -= 1
                if waiting[includer] == 0 { ready.append(includer) }
            }
        }
        // What was never ready includes itself, or one that does.
        for name in included.keys where extents[name] == nil {
            faults[name] = leads(from: name, to: name) ? .circle : .inherited
        }
    }

    private mutating func extent(
        of name: String, size: Int, _ known: [String: Extent]
    ) -> Extent {
        var extent = Extent(depth: 1, size: size)
        for target in included[name] ?? [] {
            guard let inner = known[target] else { continue }
            extent.depth = max(extent.depth, inner.depth + 1)
            extent.size = min(extent.size + inner.size, Self.sizeLimit + 1)
            if faults[target] != nil { faults[name] = .inherited }
        }
        guard faults[name] == nil else { return extent }
        if extent.depth > Self.depthLimit { faults[name] = .depth }
        if extent.size > Self.sizeLimit { faults[name] = .size }
        return extent
    }

    /// Whether a template includes another, itself or through others.
    func leads(from start: String, to target: String) -> Bool {
        var pending = included[start] ?? []
        var visited: Set<String> = []
        while let name = pending.popLast() {
            if name == target { return true }
            guard visited.insert(name).inserted else { continue }
            pending += included[name] ?? []
        }
        return false
    }
}
