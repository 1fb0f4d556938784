import Diagnostics
import Glibc
import Resources

extension SSHConnection {
    /// Opens a way through this host to `target`, and returns our end of it: a socket.
    ///
    /// - Throws: `transient` when this host can't reach the target, `stalled` when it does not
    ///   allow tunnels.
    func openTunnel(to target: HostRoute, until deadline: Deadline) async throws(Failure)
        -> Descriptor
    {
        let timeout = Failure.transient(
            .init(
                "cannot connect to \(target.label) through \(label): no answer within "
                    + "\(target.server.connectTimeoutSeconds) s"))
        let host = target.server.host ?? target.name
        let channel = try await withRequest(until: deadline, or: timeout) { () throws(Failure) in
            do throws(Failure) {
                return try await finish(until: deadline, or: timeout) {
                    SSHChannel.openTunnel(on: $0, to: host, port: target.server.port)
                }
            } catch {
                if error == timeout { end(error) }
                throw tunnelFailure(error, target)
            }
        }
        let (near, far) = try Descriptor.pair()
        pump(channel, near)
        return far
    }

    private func tunnelFailure(_ error: Failure, _ target: HostRoute) -> Failure {
        guard case .stalled(let report) = error else { return error }
        let detail = report.detail ?? ""
        if detail.contains("prohibited") {
            return .stalled(
                .init(
                    "\(label) does not let us through to \(target.label)", detail: detail,
                    fix: "allow it in the jump host's sshd_config: AllowTcpForwarding yes"))
        }
        return .transient(
            .init("cannot connect to \(target.label) through \(label)", detail: detail))
    }

    /// Carries bytes both ways until both ways have ended.
    private func pump(_ channel: SSHChannel, _ near: Descriptor) {
        taskStarts()
        let outward = Task { await carryOut(from: near, to: channel) }
        Task {
            await carryIn(from: channel, to: near)
            await outward.value
            await abandon(channel)
            taskEnds()
        }
    }

    private var never: Failure { .transient(.init("\(label): the tunnel has ended")) }

    private func carryOut(from near: Descriptor, to channel: SSHChannel) async {
        do throws(Failure) {
            while true {
                try await wait([interest(near, POLLIN)], until: nil, or: never)
                guard let bytes = near.read(limit: 32 << 10) else { continue }
                var rest = bytes[...]
                repeat {
                    if let sent = try await send(rest, on: channel, until: nil, or: never) {
                        rest = rest.dropFirst(sent)
                    } else {
                        try await park(until: nil, or: never)
                    }
                } while !rest.isEmpty
                if bytes.isEmpty { return }
            }
        } catch {
            shutdown(near.number, Int32(SHUT_RDWR))
        }
    }

    private func carryIn(from channel: SSHChannel, to near: Descriptor) async {
        // Whatever ends this way ends the other one too: SSH has no use for half a connection.
        defer { shutdown(near.number, Int32(SHUT_RDWR)) }
        do throws(Failure) {
            while !channel.isAtEnd {
                let bytes = try await read(.output, of: channel, until: nil, or: never)
                guard let bytes else {
                    try await park(until: nil, or: never)
                    continue
                }
                var rest = bytes[...]
                while !rest.isEmpty {
                    try await wait([interest(near, POLLOUT)], until: nil, or: never)
                    guard let written = near.write(rest) else { return }
                    rest = rest.dropFirst(written)
                }
            }
        } catch {
            return
        }
    }

    private func interest(_ descriptor: Descriptor, _ events: Int32) -> PollLoop.Interest {
        PollLoop.Interest(descriptor: descriptor.number, events: events)
    }
}
