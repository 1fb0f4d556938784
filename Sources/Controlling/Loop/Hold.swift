/// A round's hold of a place.
struct Hold {
    let round: Int
    /// The commit that the round brings about; nil for what no commit asked for.
    var revision: String?
    /// Whether the round has nothing left to do there, and only waits for its other places.
    var isDone = false

    /// Whether a round towards another commit may have the place already.
    func yields(to revision: String?) -> Bool { isDone && self.revision != revision }
}
