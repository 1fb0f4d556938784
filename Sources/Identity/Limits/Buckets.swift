/// When buckets will be full, in two generations: once the younger holds its half, it becomes the
/// older one, and what was left in that is forgotten. No step ever looks at more than one bucket.
struct Buckets {
    let generationSize: Int
    private var young: [Int: Int] = [:]
    private var old: [Int: Int] = [:]

    init(generationSize: Int) {
        self.generationSize = generationSize
    }

    var count: Int { young.count + old.count }

    subscript(hash: Int) -> Int? {
        get { young[hash] ?? old[hash] }
        set {
            old[hash] = nil
            if young[hash] == nil, young.count == generationSize {
                old = young
                young.removeAll(keepingCapacity: false)
            }
            young[hash] = newValue
        }
    }
}
