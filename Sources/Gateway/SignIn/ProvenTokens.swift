import Synchronization

/// Tokens that were proven a moment ago: the next request with one need not prove it again.
final class ProvenTokens: Sendable {
    /// A token's bytes: text would take others for equal that Unicode calls equivalent.
    private struct Token: Hashable {
        let bytes: [UInt8]

        func hash(into hasher: inout Hasher) {
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    private struct Proof {
        var caller: Caller
        var seconds: ClosedRange<Int>
    }

    private let proofs = Mutex<[Token: Proof]>([:])

    /// The most that are kept; then it begins anew.
    private static let limit = 4096
    /// How long one is good for: keys are retired, and clocks set, in the meantime.
    private static let lifetimeSeconds = 10

    /// Who a token spoke of when it was proven; nil for one that must be proven.
    func caller(_ token: [UInt8], now: Int) -> Caller? {
        proofs.withLock { proofs in
            guard let proof = proofs[Token(bytes: token)], proof.seconds.contains(now) else {
                return nil
            }
            return proof.caller
        }
    }

    /// Has everything proven anew.
    func forget() {
        proofs.withLock { $0.removeAll(keepingCapacity: true) }
    }

    /// Remembers a proof.
    ///
    /// - Parameters:
    ///   - caller: who the token speaks of.
    ///   - token: its bytes, all of them.
    ///   - now: when it was proven, in seconds since 1970.
    ///   - end: the second from which it is refused.
    func keep(_ caller: Caller, for token: [UInt8], now: Int, end: Int) {
        let last = min(now + Self.lifetimeSeconds, end - 1)
        guard last >= now else { return }
        proofs.withLock { proofs in
            if proofs.count >= Self.limit { proofs.removeAll(keepingCapacity: true) }
            proofs[Token(bytes: token)] = Proof(caller: caller, seconds: now...last)
        }
    }
}
