import Crypto

/// Deliveries that were taken, so that each is taken once. Bounded in time and in number.
actor ReplayWindow {
    private let seconds: Int
    private let limit: Int
    private var seenAt: [SHA256Digest: Int] = [:]
    /// In order of time.
    private var order: [SHA256Digest] = []

    /// - Parameters:
    ///   - seconds: how long a delivery is remembered.
    ///   - limit: how many are remembered at most; beyond it the oldest is forgotten early.
    init(seconds: Int = 600, limit: Int = 4096) {
        self.seconds = seconds
        self.limit = limit
    }

    /// Whether all keys of a delivery are new at a time in seconds since 1970; they are remembered
    /// either way.
    func take(_ keys: [[UInt8]], now: Int) -> Bool {
        forget(before: now - seconds)
        var isNew = true
        for key in keys.map({ SHA256.hash(data: $0) }) {
            if seenAt[key] == nil {
                seenAt[key] = now
                order.append(key)
            } else {
                isNew = false
            }
        }
        while order.count > limit { seenAt[order.removeFirst()] = nil }
        return isNew
    }

    var count: Int { order.count }

    private func forget(before time: Int) {
        let old = order.prefix { seenAt[$0] ?? 0 <= time }
        for key in old { seenAt[key] = nil }
        order.removeFirst(old.count)
    }
}
