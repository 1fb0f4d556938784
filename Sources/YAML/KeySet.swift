/// The keys of one mapping, with their places.
struct KeySet {
    private var first: [(text: String, mark: Mark)] = []
    /// Used once there are many keys.
    private var index: [String: Mark] = [:]

    /// The place of the same key before this one; nil when it is the first.
    mutating func insert(_ text: String, _ mark: Mark) -> Mark? {
        guard index.isEmpty else {
            if let earlier = index[text] { return earlier }
            index[text] = mark
            return nil
        }
        if let earlier = first.first(where: { $0.text == text }) { return earlier.mark }
        first.append((text, mark))
        if first.count > 16 {
            index = Dictionary(first.map { ($0.text, $0.mark) }) { earlier, _ in earlier }
        }
        return nil
    }
}
