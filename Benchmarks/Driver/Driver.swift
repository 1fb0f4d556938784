import Controlling
import Diagnostics
import FoundationEssentials
import Glibc
import Kinds
import Manifests
import Planning
import Remote
import Resources
import Storage

/// Measures what only a process that stays can show. Prints one figure, in seconds.
///
///     stead-benchmarks warm REPO STATE ROUNDS     a plan on connections that are open already
///     stead-benchmarks simulated HOSTS ROUNDS     a plan of hosts that answer after 50 ms
///     stead-benchmarks cycle HOSTS SICK ROUNDS    a round of the controller, until the hosts that
///                                                 are well are settled; SICK of them are dead, and
///                                                 as many are slow
@main
enum Driver {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "warm" where arguments.count == 4:
            try await warm(
                repo: arguments[1], state: arguments[2], rounds: Int(arguments[3]) ?? 10)
        case "simulated" where arguments.count == 3:
            try await simulated(hosts: Int(arguments[1]) ?? 1, rounds: Int(arguments[2]) ?? 10)
        case "cycle" where arguments.count == 4:
            try await Cycle(
                hosts: Int(arguments[1]) ?? 1, sick: Int(arguments[2]) ?? 0,
                rounds: Int(arguments[3]) ?? 5
            ).run()
        default:
            print(
                """
                usage: stead-benchmarks warm REPO STATE ROUNDS | simulated HOSTS ROUNDS | \
                cycle HOSTS SICK ROUNDS
                """)
            exit(64)
        }
    }

    private static func warm(repo: String, state: String, rounds: Int) async throws {
        let desired = try load(repo, state: state)
        let engine = Engine(
            catalog: Catalog.kinds, store: try StateStore(folder: state, access: .readOnly),
            pool: ConnectionPool())
        let request = PlanRequest(source: repo)
        let first = try await engine.prepare(desired, request)
        guard first.plan.counts.unknown == 0 else { throw Unfit("a host did not answer") }
        print(try await median(rounds) { _ = try await engine.prepare(desired, request) })
        await engine.pool.closeAll()
    }

    private static func simulated(hosts: Int, rounds: Int) async throws {
        let folder = "/tmp/stead-benchmark-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try SimulatedTree(hosts: hosts, files: 45).write(to: folder + "/repo")
        let desired = try load(folder + "/repo", state: folder + "/state")
        let transport = TranscriptTransport(delay: .milliseconds(50)) { _, script in
            SimulatedHost.answer(script)
        }
        let engine = Engine(
            catalog: Catalog.kinds,
            store: try StateStore(folder: folder + "/state", access: .readWrite),
            pool: ConnectionPool(transport: transport))
        let request = PlanRequest(source: "simulated")
        let seconds = try await median(rounds) {
            let plan = try await engine.prepare(desired, request).plan
            guard plan.counts.unknown == 0 else { throw Unfit("\(plan.counts)") }
        }
        print(seconds)
    }

    private static func load(_ repo: String, state: String) throws -> DesiredState {
        let tree = try TreeSource(repo, state: state).read()
        let loaded = Loader(catalog: Catalog.kinds).load(tree)
        guard let desired = loaded.desired else {
            throw Unfit(DiagnosticText().render(loaded.diagnostics))
        }
        return desired
    }

    private static func median(_ rounds: Int, _ body: () async throws -> Void) async throws
        -> Double
    {
        let clock = ContinuousClock()
        var seconds: [Double] = []
        for _ in 0..<rounds {
            let elapsed = try await clock.measure { try await body() }
            seconds.append(elapsed / .seconds(1))
        }
        return seconds.sorted()[seconds.count / 2]
    }

    /// Why a measurement would mean nothing.
    private struct Unfit: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
