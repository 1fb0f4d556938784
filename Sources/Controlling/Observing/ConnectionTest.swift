package import Diagnostics
package import Remote
package import Resources

/// What came of a new connection to a server.
package struct ConnectionReport: Codable, Sendable, Equatable {
    package var server: String
    /// Whether commands can be run there.
    package var ok: Bool
    /// Who they run as, once connected.
    package var user: String?
    /// The system's name and machine, as uname(1) has them.
    package var system: String?
    /// What went wrong, in the words that a plan has for it.
    package var message: String?
    package var detail: String?
    package var fix: String?
}

/// Connects to a server as a run does (its key, the pinned host key, its jump hosts), becomes who
/// it says, and runs a shell; changes nothing there.
package struct ConnectionTest: Sendable {
    private let pool: ConnectionPool

    package init(pool: ConnectionPool) {
        self.pool = pool
    }

    /// Connects anew: a connection that is open already proves nothing.
    ///
    /// - Parameters:
    ///   - name: the server's.
    ///   - servers: those that are declared.
    /// - Returns: how it went.
    /// - Throws: `refused` when no such server is declared.
    package func run(
        _ name: String, along servers: [String: ServerSpec]
    ) async throws(Failure) -> ConnectionReport {
        guard let route = Routes(servers).route(to: name) else {
            let hint = Suggestion.sentence(for: name, among: servers.keys.sorted())
            throw .refused(
                .init("no server is called `\(name)`" + (hint.map { ": \($0)" } ?? "")))
        }
        do throws(Failure) {
            return try await connect(route)
        } catch {
            let report = error.report
            return ConnectionReport(
                server: name, ok: false, message: report.message, detail: report.detail,
                fix: report.fix)
        }
    }

    private func connect(_ route: HostRoute) async throws(Failure) -> ConnectionReport {
        let connection = try await pool.newConnection(to: route)
        let limits = RunLimits(
            timeoutSeconds: route.server.commandTimeoutSeconds, outputBytes: 64 << 10)
        let result: Result<RunResult, Failure>
        do throws(Failure) {
            result = .success(try await connection.run(Self.script, limits: limits))
        } catch {
            result = .failure(error)
        }
        await connection.close()
        return try Self.report(of: route, try result.get())
    }

    private static let script = Array("id -un && uname -sm && echo well\n".utf8)

    private static func report(
        of route: HostRoute, _ result: RunResult
    ) throws(Failure) -> ConnectionReport {
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        guard result.status == 0, lines.count >= 3, lines.last == "well" else {
            let message = String(decoding: result.errorOutput.suffix(1000), as: UTF8.self)
            throw .stalled(
                .init(
                    "the host ran nothing: `sh -s` ended with status \(result.status)",
                    detail: message.isEmpty ? nil : message,
                    fix: "check that the user's login shell runs commands"))
        }
        return ConnectionReport(
            server: route.name, ok: true, user: String(lines[lines.count - 3]),
            system: String(lines[lines.count - 2]))
    }
}
