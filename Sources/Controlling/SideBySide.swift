/// Works on many elements at once, and on no more than a bound.
enum SideBySide {
    /// Runs `work` for each element, at most `limit` at a time, and hands each result to `take` as
    /// it comes.
    static func forEach<Element: Sendable, Result: Sendable>(
        of elements: [Element], limit: Int, isolation: isolated (any Actor)? = #isolation,
        _ work: @escaping @Sendable (Element) async -> Result,
        take: (Element, Result) async -> Void
    ) async {
        await withTaskGroup(of: (Element, Result).self) { group in
            var pending = elements[...]
            while let element = pending.first, elements.count - pending.count < max(1, limit) {
                pending.removeFirst()
                group.addTask { (element, await work(element)) }
            }
            for await (element, result) in group {
                await take(element, result)
                guard let next = pending.popFirst() else { continue }
                group.addTask { (next, await work(next)) }
            }
        }
    }
}
