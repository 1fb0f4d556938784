internal import FoundationEssentials
internal import Glibc

/// The process that holds the lease, named so that others can tell whether it still lives.
package struct LeaseHolder: Sendable, Equatable, Codable {
    /// What it is, for people: `stead controller`.
    package var title: String
    package var processID: Int
    /// When the process began, in the kernel's ticks since the machine did: a number that is given
    /// to another process later does not begin at the same time.
    package var began: Int
    /// The machine's start and its process namespace: without them a number means nothing.
    package var machine: String
    /// When it took the lease, in seconds since 1970; for people.
    package var since: Int

    /// This process.
    package static func current(_ title: String, since seconds: Int) -> LeaseHolder {
        let processID = Int(getpid())
        return LeaseHolder(
            title: title, processID: processID, began: start(of: processID) ?? 0,
            machine: machine, since: seconds)
    }

    /// Whether it lives; nil where that can't be told from here, as on another machine.
    package var isAlive: Bool? {
        guard !machine.isEmpty, machine == Self.machine else { return nil }
        return Self.start(of: processID) == began
    }

    /// For a message: `stead apply, process 812, since …`.
    package var description: String {
        let since = Timestamp.iso8601(milliseconds: since * 1000)
        return "\(title), process \(processID), since \(since)"
    }

    private static let machine: String = {
        let boot = text(of: "/proc/sys/kernel/random/boot_id") ?? ""
        var name = [CChar](repeating: 0, count: 64)
        let count = readlink("/proc/self/ns/pid", &name, name.count - 1)
        guard !boot.isEmpty, count > 0 else { return "" }
        let space = String(
            decoding: name.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "\(boot.prefix { !$0.isNewline }) \(space)"
    }()

    /// Nil for a process that is gone, or is only waited for.
    ///
    /// Source: proc(5), `/proc/PID/stat`: the name in parentheses may hold anything; after it come
    /// the state, and 19 fields later the start time.
    private static func start(of processID: Int) -> Int? {
        guard let line = text(of: "/proc/\(processID)/stat"), let end = line.lastIndex(of: ")")
        else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 19, !["Z", "X"].contains(fields[0]) else { return nil }
        return Int(fields[19])
    }

    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
