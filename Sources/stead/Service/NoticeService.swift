import ServiceLifecycle
import Supervising

/// Tells the service manager that the process lives, as long as it answers, and that it comes to
/// its end; one of the process's services, and the first to hear of the end.
struct NoticeService: Service {
    let notice: ServiceNotice
    /// How the process is asked how it is.
    let probe: HealthProbe

    func run() async throws {
        // Twice as often as is asked for: one late answer is not the end.
        let interval = notice.watchdog.map { $0 / 2 } ?? .seconds(3600)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if notice.watchdog != nil, await probe.trouble() == nil { notice.alive() }
                try? await Task.sleep(for: interval)
            }
        }
        notice.stopping()
    }
}
