import Controlling
import Diagnostics
import FoundationEssentials
import Glibc
import Kinds
import Manifests
import Remote
import Resources
import Storage
import Synchronization

/// How long the controller's rounds take for the hosts that are well, while others are not.
struct Cycle {
    let hosts: Int
    /// So many are dead: they let everybody wait for ten seconds, and fail. As many are slow: they
    /// answer after ten seconds.
    let sick: Int
    let rounds: Int

    /// Prints the median of so many rounds, in seconds.
    func run() async throws {
        let folder = "/tmp/stead-benchmark-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try SimulatedTree(hosts: hosts, files: 50).write(
            to: folder + "/repo", settings: "reconcile: {interval: 2s, parallelism: 512}\n")
        let git = "git -c user.name=a -c user.email=a@b"
        guard
            system(
                "cd \(folder)/repo && git init -q && git add -A && \(git) commit -q -m Begin") == 0
        else { throw Failure.stalled(.init("git failed")) }
        let (seconds, continuation) = AsyncStream.makeStream(of: Double.self)
        let well = hosts - 2 * sick
        let engine = Engine(
            catalog: Catalog.kinds,
            store: try StateStore(folder: folder + "/state", access: .readWrite),
            pool: ConnectionPool(transport: transport)
        ) { event in
            guard case .settled(let servers, let seconds) = event, servers.count >= well else {
                return
            }
            continuation.yield(seconds)
        }
        let controller = Controller(
            engine: engine, loader: Loader(catalog: Catalog.kinds),
            options: .init(source: TreeSource(folder + "/repo", state: folder + "/state")))
        let running = Task { try await controller.run { _ in } }
        var measured: [Double] = []
        // The first rounds write down what is there, and learn who lags.
        for await second in seconds.dropFirst(3) {
            measured.append(second)
            if measured.count == rounds { break }
        }
        print(measured.sorted()[measured.count / 2])
        running.cancel()
        // Those that are slow would keep it from ending for a while.
        exit(0)
    }

    private var transport: TranscriptTransport {
        let sick = sick
        return TranscriptTransport(delays: { route in
            number(of: route) <= 2 * sick ? .seconds(10) : .milliseconds(50)
        }) { route, script throws(Failure) in
            guard number(of: route) > sick else { throw .transient(.init("connection timed out")) }
            return SimulatedHost.answer(script)
        }
    }
}

private func number(of route: HostRoute) -> Int { Int(route.name.dropFirst()) ?? 0 }
