import Diagnostics
import Glibc

extension SSHConnection {
    private static let keepaliveSeconds = 30

    /// Looks after the connection while nobody uses it: notices its end, answers the host, and
    /// says now and then that we are still here, which keeps middleboxes from forgetting it.
    func watch() {
        taskStarts()
        Task {
            while ending == nil { await watchOnce() }
            taskEnds()
        }
    }

    private func watchOnce() async {
        let wake = await waitForNews()
        guard ending == nil else { return }
        do throws(Failure) {
            if wake == .timedOut {
                let soon = Deadline.after(seconds: Self.keepaliveSeconds)
                _ = try await attempt(until: soon, or: stuck) {
                    $0.sendKeepalive(wantsAnswer: false)
                }
            } else if callCount == 0 {
                try await serve()
            }
        } catch {
            end(error)
        }
    }

    private func waitForNews() async -> PollLoop.Wake {
        let pause = Deadline.after(seconds: Self.keepaliveSeconds)
        // Calls under way read to the end themselves.
        guard callCount == 0, let number = session?.socket.number else {
            return await loop.wait(for: .ended, until: pause)
        }
        // Without a spare channel nothing can read; the first call that ends leaves one.
        let events = spareChannel == nil ? Descriptor.hangUp : POLLIN | Descriptor.hangUp
        let interest = PollLoop.Interest(descriptor: number, events: events)
        return await loop.wait([interest], for: .ended, until: pause)
    }

    private func serve() async throws(Failure) {
        let soon = Deadline.after(seconds: Self.keepaliveSeconds)
        if let spareChannel {
            _ = try await attempt(until: soon, or: stuck) { _ in spareChannel.serveSession() }
        }
        guard callCount == 0, !isOpen else { return }
        throw .transient(.init("\(label): the connection was closed by the other side"))
    }

    private var stuck: Failure {
        .transient(.init("\(label): the connection takes no more data"))
    }
}
