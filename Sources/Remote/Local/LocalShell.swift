import Diagnostics

/// A shell process of this machine, by its number in the connection.
struct LocalShell: HostShell {
    let connection: LocalConnection
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
