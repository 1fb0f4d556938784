/// Wakes a loop that sleeps, early if somebody asks.
actor Alarm {
    private var isRung = false
    private var sleeper: CheckedContinuation<Void, Never>?
    /// Tells a sleeper's own timer from that of an earlier one.
    private var turn = 0

    /// Ends the sleep, or the next one if nobody sleeps.
    func ring() {
        isRung = true
        sleeper?.resume()
        sleeper = nil
    }

    /// Sleeps so long, until somebody rings, or until the task is cancelled.
    func sleep(for duration: Duration) async {
        turn += 1
        let own = turn
        let timer = Task {
            try? await Task.sleep(for: duration)
            self.end(own)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if isRung || Task.isCancelled {
                    continuation.resume()
                } else {
                    sleeper = continuation
                }
            }
        } onCancel: {
            Task { await self.ring() }
        }
        timer.cancel()
        isRung = false
    }

    private func end(_ own: Int) {
        guard own == turn else { return }
        sleeper?.resume()
        sleeper = nil
    }
}
