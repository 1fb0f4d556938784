import Diagnostics

extension Composer {
    /// Shares the anchor's storage, so that an alias costs nothing whatever it expands to; what it
    /// would cost to walk is counted against the limit.
    mutating func alias(
        _ name: String, _ event: Event, depth: Int
    ) throws(Problem) -> Composed {
        let mark = lines.mark(from: event.start, to: event.end)
        guard case .closed(var composed, let count) = anchors[name] else {
            throw unusable(name, mark)
        }
        nodeCount += count
        aliasedCount += count
        guard nodeCount <= limits.nodes, aliasedCount <= limits.nodes else {
            throw Problem(
                .yamlAliases, at: mark,
                "the aliases of this text stand for more than \(limits.nodes) values",
                fix: "write out what is needed")
        }
        try checkDepth(depth + composed.height - 1, event)
        composed.node.mark = mark
        return composed
    }

    private func unusable(_ name: String, _ mark: Mark) -> Problem {
        guard anchors[name] == nil else {
            return Problem(
                .yamlAliases, at: mark, "the alias `*\(name)` stands inside its own anchor",
                why: "what it stands for would have no end")
        }
        return Problem(
            .yamlAliases, at: mark, "the alias `*\(name)` has no anchor before it",
            fix: Suggestion.sentence(for: name, among: anchors.keys)
                ?? "write `&\(name)` before the value it stands for, or put `*\(name)` in quotes")
    }

    mutating func resolve(
        _ scalar: Scalar, _ tag: String?, _ mark: Mark
    ) throws(Problem) -> Scalar {
        if scalar.text.utf8.contains(0) {
            try report(
                Problem(.yamlEncoding, at: mark, "the character U+0000 is not allowed here"))
        }
        guard let tag else { return scalar }
        // The non-specific tag makes a scalar a string.
        if tag == "!" { return Scalar(scalar.text, isPlain: false) }
        guard let core = CoreTag(tag: tag) else {
            try reportUnknownTag(tag, mark)
            return scalar
        }
        guard let tagged = core.apply(to: scalar) else {
            try report(
                Problem(
                    .yamlTag, at: mark, "`\(scalar.text)` is not a value of `\(core.shorthand)`"))
            return scalar
        }
        return tagged
    }

    mutating func check(
        _ tag: String?, _ shape: CoreTag, _ mark: Mark
    ) throws(Problem) {
        guard let tag, tag != "!", CoreTag(tag: tag) != shape else { return }
        if let core = CoreTag(tag: tag) {
            let found = shape == .sequence ? "a list" : "a mapping"
            try report(Problem(.yamlTag, at: mark, "\(found) can't be `\(core.shorthand)`"))
        } else {
            try reportUnknownTag(tag, mark)
        }
    }

    private mutating func reportUnknownTag(_ tag: String, _ mark: Mark) throws(Problem) {
        try report(
            Problem(
                .yamlTag, at: mark, "the tag `\(CoreTag.shorthand(of: tag))` is not known",
                why: "only the tags of YAML's core schema are: "
                    + "!!str, !!int, !!float, !!bool, !!null, !!seq, !!map",
                fix: "remove it, or put the value in quotes if `!` belongs to it"))
    }
}
