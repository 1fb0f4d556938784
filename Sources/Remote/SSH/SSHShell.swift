import Diagnostics

/// A shell on a channel of a connection, by its number there.
struct SSHShell: HostShell {
    let connection: SSHConnection
    let number: Int

    func exchange(_ input: [UInt8], until marker: [UInt8], limits: RunLimits)
        async throws(Failure) -> [UInt8]
    {
        try await connection.exchange(input, until: marker, with: number, limits: limits)
    }

    func close() async {
        await connection.closeShell(number)
    }
}
