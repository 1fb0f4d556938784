package import Diagnostics
package import Resources

/// An open way to one host. Calls on one connection are served one after another.
package protocol HostConnection: Sendable {
    /// Feeds `script` to `sh -s` on the host (through `sudo -n` where the server says so) and
    /// returns what it printed once it has ended. One round trip.
    ///
    /// - Throws: `transient` when the connection drops or a limit of time runs out; `stalled` when
    ///   the output passes its limit or root can't be had.
    func run(_ script: [UInt8], limits: RunLimits) async throws(Failure) -> RunResult

    /// Starts `sh -s` and leaves it open, for a run's steps.
    func openShell() async throws(Failure) -> any HostShell

    /// Whether the last call left the connection fit for another.
    var isOpen: Bool { get async }

    func close() async
}

/// A shell on a host that takes one piece of script after another on its standard input.
package protocol HostShell: Sendable {
    /// Sends `input`, then reads standard output until a line that begins with `marker`; returns
    /// everything up to the end of that line. Standard error is the script's to redirect.
    ///
    /// - Throws: `transient` when the shell ends first, the connection drops or time runs out.
    func exchange(_ input: [UInt8], until marker: [UInt8], limits: RunLimits)
        async throws(Failure) -> [UInt8]

    func close() async
}

/// What one exchange with a host may cost.
package struct RunLimits: Sendable {
    /// From the call to the last byte.
    package var timeoutSeconds: Int
    /// Standard output and standard error together.
    package var outputBytes: Int

    package init(timeoutSeconds: Int = 60, outputBytes: Int = 64 << 20) {
        self.timeoutSeconds = timeoutSeconds
        self.outputBytes = outputBytes
    }
}

/// What a script printed, and how it ended.
package struct RunResult: Sendable {
    package var output: [UInt8]
    /// At most its last 64 KiB.
    package var errorOutput: [UInt8]
    /// The exit status; 128 and the signal's number when a signal ended it.
    package var status: Int

    package init(output: [UInt8], errorOutput: [UInt8], status: Int) {
        self.output = output
        self.errorOutput = errorOutput
        self.status = status
    }
}

/// A server and how to get there.
package struct HostRoute: Sendable, Hashable {
    /// The server's name.
    package var name: String
    package var server: ServerSpec
    /// The servers to jump through, nearest first.
    package var jumps: [HostRoute]

    package init(name: String, server: ServerSpec, jumps: [HostRoute] = []) {
        self.name = name
        self.server = server
        self.jumps = jumps
    }

    package static func == (left: HostRoute, right: HostRoute) -> Bool {
        left.name == right.name && left.server == right.server && left.jumps == right.jumps
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}

/// Opens connections: over SSH, to the machine itself, or to a recording.
package protocol Transport: Sendable {
    func connect(_ route: HostRoute) async throws(Failure) -> any HostConnection

    /// Opens a connection that goes through the open one to the last of the route's jump hosts;
    /// nil goes straight to the host.
    func connect(_ route: HostRoute, through jump: (any HostConnection)?)
        async throws(Failure) -> any HostConnection
}

extension Transport {
    /// For transports to which a jump makes no difference.
    package func connect(_ route: HostRoute, through jump: (any HostConnection)?)
        async throws(Failure) -> any HostConnection
    {
        try await connect(route)
    }
}
